using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Tests.Netstack.Linux;

/// <summary>Brings packets that a stack sends to the system, or loses some on the way.</summary>
internal sealed class SystemLink(double loss, int seed) : IPacketLink
{
    private readonly Lock _gate = new();
    private readonly Random _random = new(seed);

    public IPacketReceiver? Device { get; set; }

    public int Mtu => 1280;

    public void Send(ReadOnlySpan<byte> packet)
    {
        lock (_gate)
        {
            if (loss > 0 && _random.NextDouble() < loss)
            {
                return;
            }
        }

        Device?.Receive(packet);
    }

    public void Flush() => Device?.EndOfBatch();
}
