using System.Buffers;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// The segments that wait for acknowledgement in order of sequence: a ring that grows with the window. Those in flight are linked in order
/// of transmission as well, and runs of those that the peer has are skipped as one: what an acknowledgement costs must not grow with the
/// window, as a peer can make up any number of them. Segments are linked by number, counted from the first ever sent.
/// </summary>
internal struct SentQueue
{
    private const int SmallestRing = 16;

    private SentSegment[]? _ring;
    private int _mask;
    private uint _first;
    private int _inFlight;
    private uint _oldest;
    private uint _latest;
    private long _examined;

    public int Count { get; private set; }

    public readonly bool IsCleared => _ring is null;

    /// <summary>Bytes of memory.</summary>
    public readonly int HeldBytes => _ring is null ? 0 : _ring.Length * SentSegment.Size;

    /// <summary>The one sent longest ago of those in flight; -1 if there is none.</summary>
    public int OldestInFlight
    {
        get
        {
            _examined++;
            return _inFlight == 0 ? -1 : (int)(_oldest - _first);
        }
    }

    public readonly ref SentSegment this[int index] => ref Numbered(_first + (uint)index);

    /// <summary>A segment was sent for the first time.</summary>
    public void Add(uint start, uint end, long now)
    {
        var number = Reserve();
        Numbered(number) = new SentSegment { Start = start, End = end, SentAt = now };
        Link(number);
    }

    /// <summary>A segment was sent again.</summary>
    public void Repeat(int index, long now)
    {
        ref var sent = ref Unlinked(index);
        sent.Lost = false;
        sent.Retransmitted = true;
        sent.SentAt = now;
        Link(_first + (uint)index);
    }

    /// <summary>The peer has a segment; it stays so until <see cref="ForgetSacked"/>.</summary>
    public void MarkSacked(int index)
    {
        ref var sent = ref Unlinked(index);
        sent.Sacked = true;
        sent.Lost = false;
        sent.Run = 1;
    }

    public void MarkLost(int index) => Unlinked(index).Lost = true;

    /// <summary>What the peer reported to have is lost, all of it.</summary>
    /// <returns>Bytes.</returns>
    public long ForgetSacked()
    {
        var bytes = 0L;
        for (var i = 0; i < Count; i++)
        {
            ref var sent = ref this[i];
            if (sent.Sacked)
            {
                sent.Sacked = false;
                sent.Lost = true;
                bytes += sent.Length;
            }
        }

        return bytes;
    }

    /// <summary>What was taken for lost is in flight after all.</summary>
    public void RestoreLost()
    {
        for (var i = 0; i < Count; i++)
        {
            this[i].Lost = false;
        }

        var numbers = ArrayPool<uint>.Shared.Rent(Count);
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (this[i].InFlight)
            {
                numbers[count++] = _first + (uint)i;
            }
        }

        // One by one each would look for its place among all.
        var (ring, mask) = (_ring!, _mask);
        numbers.AsSpan(0, count).Sort((one, other) =>
            one == other ? 0 : ring[one & mask].WasSentAfter(ring[other & mask]) ? 1 : -1);
        _inFlight = 0;
        for (var i = 0; i < count; i++)
        {
            Link(numbers[i]);
        }

        ArrayPool<uint>.Shared.Return(numbers);
    }

    public void RemoveFirst()
    {
        Unlinked(0);
        _first++;
        Count--;
    }

    /// <summary>Cuts a segment in two, as the path no longer takes it whole.</summary>
    public void Split(int index, uint at)
    {
        Reserve();
        var number = _first + (uint)index;
        for (var i = Count - 1; i > index + 1; i--)
        {
            this[i] = this[i - 1];
        }

        for (var i = 0; i < Count; i++)
        {
            ref var moved = ref this[i];
            moved.Earlier = Renumbered(moved.Earlier, index);
            moved.Later = Renumbered(moved.Later, index);
        }

        _oldest = Renumbered(_oldest, index);
        _latest = Renumbered(_latest, index);
        ref var first = ref Numbered(number);
        Numbered(number + 1) = first with { Start = at };
        first.End = at;
        if (first.InFlight)
        {
            LinkAfter(number, number + 1);
        }
    }

    /// <summary>The first segment that ends after a sequence number; <see cref="Count"/> if none does.</summary>
    public readonly int FirstEndingAfter(uint sequence)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Sequence.After(this[middle].End, sequence))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    /// <summary>The first segment from an index on that the peer is not known to have; <see cref="Count"/> if there is none.</summary>
    public int NextNotSacked(int index)
    {
        var end = index;
        _examined++;
        while (end < Count && this[end].Sacked)
        {
            end += this[end].Run;
            _examined++;
        }

        // All that were passed lead there from now on, so that a long way is gone but once.
        while (index < end)
        {
            ref var passed = ref this[index];
            index += passed.Run;
            passed.Run += end - index;
        }

        return end;
    }

    /// <summary>How many segments were looked at since this was asked last.</summary>
    public long TakeExamined()
    {
        var examined = _examined;
        _examined = 0;
        return examined;
    }

    public void Clear()
    {
        if (_ring is not null)
        {
            ArrayPool<SentSegment>.Shared.Return(_ring);
        }

        _ring = null;
        _mask = -1;
        _inFlight = 0;
        Count = 0;
    }

    private readonly ref SentSegment Numbered(uint number) => ref _ring![number & (uint)_mask];

    private readonly uint Renumbered(uint number, int splitIndex) => (int)(number - _first) > splitIndex ? number + 1 : number;

    private uint Reserve()
    {
        if (_ring is null || Count > _mask)
        {
            Grow();
        }

        return _first + (uint)Count++;
    }

    private void Link(uint number)
    {
        if (_inFlight == 0)
        {
            ref var only = ref Numbered(number);
            only.Earlier = only.Later = _oldest = _latest = number;
            _inFlight = 1;
            return;
        }

        // Almost always the latest; of two sent in the same microsecond, the later of the stream counts as later.
        var after = _latest;
        while (Numbered(after).WasSentAfter(Numbered(number)))
        {
            if (after == _oldest)
            {
                LinkFirst(number);
                return;
            }

            after = Numbered(after).Earlier;
        }

        LinkAfter(after, number);
    }

    private void LinkFirst(uint number)
    {
        ref var linked = ref Numbered(number);
        linked.Earlier = number;
        linked.Later = _oldest;
        Numbered(_oldest).Earlier = number;
        _oldest = number;
        _inFlight++;
    }

    private void LinkAfter(uint earlier, uint number)
    {
        ref var linked = ref Numbered(number);
        linked.Earlier = earlier;
        if (earlier == _latest)
        {
            linked.Later = number;
            _latest = number;
        }
        else
        {
            linked.Later = Numbered(earlier).Later;
            Numbered(linked.Later).Earlier = number;
        }

        Numbered(earlier).Later = number;
        _inFlight++;
    }

    /// <summary>Takes a segment out of those in flight, if it is one.</summary>
    private ref SentSegment Unlinked(int index)
    {
        var number = _first + (uint)index;
        ref var sent = ref Numbered(number);
        if (!sent.InFlight)
        {
            return ref sent;
        }

        var (isOldest, isLatest) = (number == _oldest, number == _latest);
        _inFlight--;
        if (isOldest)
        {
            _oldest = sent.Later;
        }
        else
        {
            Numbered(sent.Earlier).Later = isLatest ? sent.Earlier : sent.Later;
        }

        if (isLatest)
        {
            _latest = sent.Earlier;
        }
        else
        {
            Numbered(sent.Later).Earlier = isOldest ? sent.Later : sent.Earlier;
        }

        return ref sent;
    }

    private void Grow()
    {
        var size = _ring is null ? SmallestRing : 2 * (_mask + 1);
        var grown = ArrayPool<SentSegment>.Shared.Rent(size);
        for (var i = 0; i < Count; i++)
        {
            grown[(_first + (uint)i) & (uint)(size - 1)] = this[i];
        }

        if (_ring is not null)
        {
            ArrayPool<SentSegment>.Shared.Return(_ring);
        }

        _ring = grown;
        _mask = size - 1;
    }
}
