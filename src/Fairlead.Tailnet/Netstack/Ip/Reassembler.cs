using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Puts fragments together, within bounds of number, bytes and time. When there are too many, the oldest of who sent most of them go.</summary>
internal sealed class Reassembler(StackClock clock, TimerQueue timers, int mostBytes) : TimerEntry
{
    private const int MostDatagrams = 64;
    private const long Lifetime = 30 * StackClock.Second; // RFC 1122 section 3.3.2 suggests 60 to 120, Linux uses 30

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<FragmentKey, Reassembly> _pending = [];
    private int _bytes;

    /// <summary>Bytes that wait for the rest of their datagram.</summary>
    public int Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Adds a fragment.</summary>
    /// <returns>The datagram if that was its last missing piece; the caller disposes it.</returns>
    public Reassembly? Add(in IpHeader header, ReadOnlySpan<byte> piece)
    {
        // An IPv6 datagram's identification is its own whatever the protocol.
        var key = new FragmentKey(header.Source, header.Destination, header.Identification, header.Source.IsV4 ? header.Protocol : (byte)0);
        lock (_gate)
        {
            if (!_pending.TryGetValue(key, out var datagram))
            {
                datagram = new Reassembly(header.Protocol, clock.Now + Lifetime);
                _pending.Add(key, datagram);
                timers.Schedule(this, datagram.ExpiresAt);
            }

            var before = datagram.Size;
            var sound = datagram.TryAdd(header, piece);
            _bytes += datagram.Size - before;
            if (!sound)
            {
                Forget(key, datagram);
                datagram.Dispose();
                return null;
            }

            if (datagram.IsComplete)
            {
                Forget(key, datagram);
                return datagram;
            }

            while (_pending.Count > MostDatagrams || _bytes > mostBytes)
            {
                RemoveAt(OldestOfGreediest());
            }

            return null;
        }
    }

    internal override void OnDue(long now)
    {
        lock (_gate)
        {
            while (_pending.Count > 0 && _pending.GetAt(0).Value.ExpiresAt <= now)
            {
                RemoveAt(0);
            }

            if (_pending.Count > 0)
            {
                timers.Schedule(this, _pending.GetAt(0).Value.ExpiresAt);
            }
        }
    }

    private int OldestOfGreediest()
    {
        // A datagram counts for its bytes, and for the place that it takes.
        var place = mostBytes / MostDatagrams;
        var taken = new Dictionary<IpAddress, long>();
        foreach (var (key, datagram) in _pending)
        {
            taken[key.Source] = taken.GetValueOrDefault(key.Source) + datagram.Size + place;
        }

        var most = taken.Values.Max();
        var index = 0;
        while (taken[_pending.GetAt(index).Key.Source] < most)
        {
            index++;
        }

        return index;
    }

    private void RemoveAt(int index)
    {
        var (key, datagram) = _pending.GetAt(index);
        Forget(key, datagram);
        datagram.Dispose();
    }

    private void Forget(in FragmentKey key, Reassembly datagram)
    {
        _pending.Remove(key);
        _bytes -= datagram.Size;
    }
}
