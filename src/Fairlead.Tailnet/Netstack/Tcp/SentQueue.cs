using System.Buffers;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>The segments in flight in order of sequence: a ring that grows with the window.</summary>
internal struct SentQueue
{
    private const int SmallestRing = 16;

    private SentSegment[]? _ring;
    private int _mask;
    private int _head;

    public int Count { get; private set; }

    public readonly bool IsCleared => _ring is null;

    public readonly ref SentSegment this[int index] => ref _ring![(_head + index) & _mask];

    public void Add(in SentSegment segment)
    {
        if (_ring is null || Count > _mask)
        {
            Grow();
        }

        _ring![(_head + Count) & _mask] = segment;
        Count++;
    }

    public void RemoveFirst()
    {
        _head = (_head + 1) & _mask;
        Count--;
    }

    /// <summary>Cuts a segment in two, as the path no longer takes it whole.</summary>
    public void Split(int index, uint at)
    {
        Add(this[Count - 1]);
        for (var i = Count - 2; i > index; i--)
        {
            this[i] = this[i - 1];
        }

        this[index + 1] = this[index] with { Start = at };
        this[index].End = at;
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

    public void Clear()
    {
        if (_ring is not null)
        {
            ArrayPool<SentSegment>.Shared.Return(_ring);
        }

        _ring = null;
        _mask = -1;
        _head = 0;
        Count = 0;
    }

    private void Grow()
    {
        var size = _ring is null ? SmallestRing : 2 * (_mask + 1);
        var grown = ArrayPool<SentSegment>.Shared.Rent(size);
        for (var i = 0; i < Count; i++)
        {
            grown[i] = this[i];
        }

        var count = Count;
        Clear();
        _ring = grown;
        _mask = size - 1;
        Count = count;
    }
}
