using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Tests.Netstack.Linux;

/// <summary>Brings packets that the system sends into a stack, or loses some on the way.</summary>
internal sealed class StackLink(double loss, int seed) : IPacketLink
{
    private readonly Random _random = new(seed);

    public NetworkStack? Stack { get; set; }

    public int Mtu => 1280;

    public void Send(ReadOnlySpan<byte> packet)
    {
        if (_random.NextDouble() >= loss)
        {
            Stack?.Receive(packet);
        }
    }

    public void Flush() => Stack?.EndOfBatch();
}
