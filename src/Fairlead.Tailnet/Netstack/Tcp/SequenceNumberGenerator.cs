using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Initial sequence numbers (RFC 6528) and timestamp offsets (RFC 7323 section 7.1) that outsiders cannot guess.</summary>
internal sealed class SequenceNumberGenerator
{
    private const int FlowSize = 36;
    private const long TickLength = 4; // RFC 9293 section 3.4.1: the clock ticks every four microseconds

    private readonly SipHash _hash;
    private readonly StackClock _clock;

    public SequenceNumberGenerator(StackRandom random, StackClock clock)
    {
        _hash = new SipHash(random.NextUInt64(), random.NextUInt64());
        _clock = clock;
    }

    public uint Next(in FlowKey key) => (uint)(_clock.Now / TickLength) + (uint)Hash(key, 0);

    /// <summary>The same for all connections between two hosts, so that a later one's timestamps follow on (RFC 6191).</summary>
    public uint TimestampOffset(in FlowKey key) => (uint)Hash(key with { LocalPort = 0, RemotePort = 0 }, 1);

    public ulong Hash(in FlowKey key, ulong purpose)
    {
        Span<byte> bytes = stackalloc byte[FlowSize + sizeof(ulong)];
        key.Local.WriteV6(bytes);
        key.Remote.WriteV6(bytes[16..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[32..], key.LocalPort);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[34..], key.RemotePort);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[FlowSize..], purpose);
        return _hash.Hash(bytes);
    }
}
