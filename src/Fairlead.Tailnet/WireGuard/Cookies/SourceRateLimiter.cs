using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>Under load, how many handshakes each proven source gets: an IPv4 address, an IPv6 /64 or a node behind a relay.</summary>
internal sealed class SourceRateLimiter(TimeProvider time)
{
    private const int PerSecond = 20;
    private const int Burst = 5;

    // Sources beyond this have to wait until others have been silent for a second: memory is bounded, whatever comes.
    private const int MaxSources = 4096;

    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<Source, Bucket> _buckets = [];
    private long _sweptAt = time.GetTimestamp();

    public bool Allows(in PathAddress from)
    {
        lock (_gate)
        {
            var now = time.GetTimestamp();
            Sweep(now);
            var source = SourceOf(from);
            if (_buckets.Count >= MaxSources && !_buckets.ContainsKey(source))
            {
                return false;
            }

            ref var bucket = ref CollectionsMarshal.GetValueRefOrAddDefault(_buckets, source, out var known);
            bucket.Tokens = known ? Math.Min(Burst, bucket.Tokens + (time.GetElapsedTime(bucket.FilledAt, now).TotalSeconds * PerSecond)) : Burst;
            bucket.FilledAt = now;
            if (bucket.Tokens < 1)
            {
                return false;
            }

            bucket.Tokens--;
            return true;
        }
    }

    private static Source SourceOf(in PathAddress from)
    {
        if (from.IsDerp)
        {
            Span<byte> key = stackalloc byte[PublicKey.Size];
            from.Node.Key.CopyTo(key);
            return new Source(BinaryPrimitives.ReadUInt128LittleEndian(key), IsRelayed: true);
        }

        var address = from.Udp.Address;
        return new Source(from.Udp.IsIPv4 ? address : address >> 64 << 64, IsRelayed: false);
    }

    private void Sweep(long now)
    {
        if (time.GetElapsedTime(_sweptAt, now) < Forgotten)
        {
            return;
        }

        _sweptAt = now;
        foreach (var (source, bucket) in _buckets)
        {
            if (time.GetElapsedTime(bucket.FilledAt, now) >= Forgotten)
            {
                _buckets.Remove(source);
            }
        }

        if (_buckets.Count == 0)
        {
            _buckets.TrimExcess();
        }
    }

    private readonly record struct Source(UInt128 Address, bool IsRelayed);

    private struct Bucket
    {
        public double Tokens;
        public long FilledAt;
    }
}
