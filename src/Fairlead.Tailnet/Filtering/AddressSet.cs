namespace Fairlead.Tailnet.Filtering;

/// <summary>A set of addresses: sorted ranges that neither overlap nor touch. Immutable.</summary>
internal sealed class AddressSet
{
    public static readonly AddressSet Empty = new([]);

    private readonly AddressRange[] _ranges;

    private AddressSet(AddressRange[] ranges) => _ranges = ranges;

    public IReadOnlyList<AddressRange> Ranges => _ranges;

    public bool IsEmpty => _ranges.Length == 0;

    /// <param name="ranges">In any order; one whose end lies before its beginning is empty.</param>
    public static AddressSet Of(IEnumerable<AddressRange> ranges)
    {
        var merged = new List<AddressRange>();
        foreach (var range in ranges.Where(range => range.First <= range.Last).OrderBy(range => range.First))
        {
            if (merged is [.., var last] && (last.Last == UInt128.MaxValue || range.First <= last.Last + 1))
            {
                merged[^1] = last with { Last = UInt128.Max(last.Last, range.Last) };
            }
            else
            {
                merged.Add(range);
            }
        }

        return merged.Count == 0 ? Empty : new AddressSet([.. merged]);
    }

    /// <summary>What is in both sets.</summary>
    public AddressSet Intersect(AddressSet other)
    {
        var common = new List<AddressRange>();
        for (int i = 0, j = 0; i < _ranges.Length && j < other._ranges.Length;)
        {
            var (ours, theirs) = (_ranges[i], other._ranges[j]);
            var shared = new AddressRange(UInt128.Max(ours.First, theirs.First), UInt128.Min(ours.Last, theirs.Last));
            if (shared.First <= shared.Last)
            {
                common.Add(shared);
            }

            if (ours.Last < theirs.Last)
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return common.Count == 0 ? Empty : new AddressSet([.. common]);
    }

    public bool Contains(UInt128 address)
    {
        var ranges = _ranges;
        var low = 0;
        var high = ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            ref readonly var range = ref ranges[middle];
            if (address < range.First)
            {
                high = middle - 1;
            }
            else if (address > range.Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
