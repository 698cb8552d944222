using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Tests.Netstack.Simulation;

/// <summary>One direction of a link.</summary>
internal sealed class SimulatedLink(SimulatedWorld world, LinkConditions conditions) : IPacketLink
{
    private long _freeAt;
    private int _arrivals;

    public LinkConditions Conditions { get; set; } = conditions;

    public IPacketReceiver? Receiver { get; set; }

    /// <summary>Sees each packet that is sent and may swallow it.</summary>
    public Func<byte[], bool>? Intercept { get; set; }

    public int Mtu => Conditions.Mtu;

    public long PacketsSent { get; private set; }

    public long BytesSent { get; private set; }

    public void Send(ReadOnlySpan<byte> packet)
    {
        Assert.True(packet.Length <= Mtu, $"A packet of {packet.Length} bytes on a link of {Mtu}.");
        PacketsSent++;
        BytesSent += packet.Length;
        var bytes = packet.ToArray();
        if (Intercept?.Invoke(bytes) == true || Chance(Conditions.Loss) || bytes.Length > Conditions.SilentMtu)
        {
            return;
        }

        if (Chance(Conditions.Corruption))
        {
            bytes[world.Random.Next(bytes.Length)] ^= (byte)(1 << world.Random.Next(8));
        }

        Transport(bytes);
        if (Chance(Conditions.Duplication))
        {
            Transport(bytes);
        }
    }

    public void Flush()
    {
    }

    /// <summary>Brings a packet to the receiver as if it had come this way.</summary>
    public void Inject(byte[] packet) => Deliver(world.Time.Now, packet);

    private void Transport(byte[] bytes)
    {
        var at = world.Time.Now;
        if (Conditions.Bandwidth > 0)
        {
            var start = Math.Max(at, _freeAt);
            if ((start - at) * Conditions.Bandwidth / 8_000_000 > Conditions.Queue)
            {
                return;
            }

            _freeAt = start + (bytes.Length * 8_000_000L / Conditions.Bandwidth);
            at = _freeAt;
        }

        at += (long)Conditions.Delay.TotalMicroseconds;
        if (Chance(Conditions.Reordering))
        {
            at += world.Random.NextInt64((long)Conditions.ReorderDelay.TotalMicroseconds);
        }

        Deliver(at, bytes);
    }

    private void Deliver(long at, byte[] bytes) =>
        world.At(at, () =>
        {
            Receiver?.Receive(bytes);
            // What arrives at the same moment is one batch.
            if (_arrivals++ == 0)
            {
                world.At(world.Time.Now, () =>
                {
                    _arrivals = 0;
                    Receiver?.EndOfBatch();
                });
            }
        });

    private bool Chance(double probability) => probability > 0 && world.Random.NextDouble() < probability;
}
