using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>
/// Where the tunnel and what lies on this side of it meet: each needs the other when it is made. Packets that come before both are there
/// are lost, as on any network.
/// </summary>
internal sealed class PacketJunction(int mtu) : IPacketLink, IPacketReceiver
{
    private volatile IPacketReceiver? _inside;
    private volatile IPacketLink? _outside;

    public int Mtu => mtu;

    public void Connect(IPacketReceiver inside, IPacketLink outside)
    {
        _inside = inside;
        _outside = outside;
    }

    public void Receive(ReadOnlySpan<byte> packet) => _inside?.Receive(packet);

    public void EndOfBatch() => _inside?.EndOfBatch();

    public void Send(ReadOnlySpan<byte> packet) => _outside?.Send(packet);

    public void Flush() => _outside?.Flush();
}
