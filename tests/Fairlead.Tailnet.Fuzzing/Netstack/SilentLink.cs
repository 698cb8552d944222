using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Fuzzing.Netstack;

/// <summary>Keeps what is needed of the packets a stack sends: nothing.</summary>
internal sealed class SilentLink : IPacketLink
{
    public int Mtu => 1280;

    /// <summary>The latest packet.</summary>
    public byte[] Last { get; private set; } = [];

    public void Send(ReadOnlySpan<byte> packet) => Last = packet.Length < 128 ? packet.ToArray() : Last;

    public void Flush()
    {
    }
}
