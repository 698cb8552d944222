namespace Fairlead.Dev.Cel.Values;

internal sealed class CelList(IReadOnlyList<CelValue> items, CelListSemantics? semantics = null) : CelValue
{
    public IReadOnlyList<CelValue> Items { get; } = items;

    public CelListSemantics Semantics { get; } = semantics ?? CelListSemantics.Atomic;

    public override CelKind Kind => CelKind.List;

    internal override int Size => Items.Count;

    public override string ToString() => $"[{string.Join(", ", Items)}]";

    /// <summary>
    /// Appends, or for a set or map list merges: elements of <paramref name="other"/> replace those with the same identity in place.
    /// </summary>
    public CelList Concat(CelList other)
    {
        if (Semantics.IsAtomic)
            return new CelList([.. Items, .. other.Items]);
        var merged = new List<CelValue>(Items);
        var places = new Dictionary<CelValue, int>();
        for (var i = 0; i < merged.Count; i++)
            places.TryAdd(Semantics.Identity(merged[i]), i);
        foreach (var item in other.Items)
        {
            if (places.TryGetValue(Semantics.Identity(item), out var place))
            {
                merged[place] = item;
                continue;
            }
            places.Add(Semantics.Identity(item), merged.Count);
            merged.Add(item);
        }
        return new CelList(merged, Semantics);
    }
}
