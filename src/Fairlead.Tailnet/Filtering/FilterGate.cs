using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Filtering;

/// <summary>Stands between the tunnel and the network stack or TUN device: what the filter refuses goes no further, and is counted.</summary>
/// <param name="inside">The network stack or TUN device.</param>
/// <param name="outside">The tunnel.</param>
/// <param name="drops">Counts what is dropped, by reason.</param>
internal sealed class FilterGate(PacketFilter filter, IPacketReceiver inside, IPacketLink outside, DropCounters drops) : IPacketReceiver, IPacketLink
{
    public int Mtu => outside.Mtu;

    public void Receive(ReadOnlySpan<byte> packet)
    {
        var verdict = filter.Check(packet);
        if (verdict == FilterVerdict.Accept)
        {
            inside.Receive(packet);
        }
        else
        {
            drops.Add(verdict);
        }
    }

    public void EndOfBatch()
    {
        filter.EndOfBatch();
        inside.EndOfBatch();
    }

    public void Send(ReadOnlySpan<byte> packet)
    {
        filter.Sent(packet);
        outside.Send(packet);
    }

    public void Flush() => outside.Flush();
}
