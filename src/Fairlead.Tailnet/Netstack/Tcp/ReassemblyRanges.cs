namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// Which bytes beyond the next expected one have arrived, as disjoint ranges in order, and which of them to report first (RFC 2018
/// section 4: the latest one, then those reported before it).
/// </summary>
internal sealed class ReassemblyRanges
{
    // Half of the segments of a full window lost at random leave fewer holes than this; a peer that makes more only has them resent.
    private const int MostRanges = 1024;
    private const int MostBlocks = 4; // what fits the option (RFC 2018 section 3)

    private readonly uint[] _recent = new uint[MostBlocks];
    private SequenceRange[] _ranges = new SequenceRange[8];
    private int _recentCount;

    public int Count { get; private set; }

    /// <summary>Adds what arrived; false if there is no room for another range.</summary>
    public bool TryAdd(uint start, uint end)
    {
        var first = FirstEndingAtOrAfter(start);
        var last = first;
        while (last < Count && Sequence.AtOrBefore(_ranges[last].Start, end))
        {
            last++;
        }

        if (first == last)
        {
            if (Count == MostRanges)
            {
                return false;
            }

            if (Count == _ranges.Length)
            {
                Array.Resize(ref _ranges, 2 * Count);
            }

            Array.Copy(_ranges, first, _ranges, first + 1, Count - first);
            _ranges[first] = new SequenceRange(start, end);
            Count++;
        }
        else
        {
            _ranges[first] = new SequenceRange(Sequence.Earlier(start, _ranges[first].Start), Sequence.Later(end, _ranges[last - 1].End));
            Array.Copy(_ranges, last, _ranges, first + 1, Count - last);
            Count -= last - first - 1;
        }

        Remember(start);
        return true;
    }

    /// <summary>Takes out the ranges that an in-order arrival up to <paramref name="next"/> reaches.</summary>
    /// <returns>How far the in-order data goes now.</returns>
    public uint Join(uint next)
    {
        var joined = 0;
        while (joined < Count && Sequence.AtOrBefore(_ranges[joined].Start, next))
        {
            next = Sequence.Later(next, _ranges[joined++].End);
        }

        Array.Copy(_ranges, joined, _ranges, 0, Count - joined);
        Count -= joined;
        return next;
    }

    /// <summary>Whether all of it has arrived already.</summary>
    public bool Covers(uint start, uint end)
    {
        var index = FirstEndingAtOrAfter(start);
        return index < Count && Sequence.AtOrBefore(_ranges[index].Start, start) && Sequence.AtOrAfter(_ranges[index].End, end);
    }

    /// <summary>The ranges to report, in the order to report them.</summary>
    /// <returns>How many were written.</returns>
    public int Report(Span<SequenceRange> blocks)
    {
        var count = 0;
        for (var i = 0; i < _recentCount && count < blocks.Length; i++)
        {
            var index = FirstEndingAtOrAfter(_recent[i]);
            if (index < Count && Sequence.AtOrBefore(_ranges[index].Start, _recent[i]) && !blocks[..count].Contains(_ranges[index]))
            {
                blocks[count++] = _ranges[index];
            }
        }

        return count;
    }

    private void Remember(uint sequence)
    {
        // A place that lies in the same range as the new one would be reported twice.
        var index = FirstEndingAtOrAfter(sequence);
        var range = _ranges[index];
        var kept = 0;
        Span<uint> others = stackalloc uint[MostBlocks];
        for (var i = 0; i < _recentCount; i++)
        {
            if (Sequence.Before(_recent[i], range.Start) || Sequence.AtOrAfter(_recent[i], range.End))
            {
                others[kept++] = _recent[i];
            }
        }

        kept = Math.Min(kept, MostBlocks - 1);
        _recent[0] = sequence;
        others[..kept].CopyTo(_recent.AsSpan(1));
        _recentCount = kept + 1;
    }

    private int FirstEndingAtOrAfter(uint sequence)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Sequence.Before(_ranges[middle].End, sequence))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
