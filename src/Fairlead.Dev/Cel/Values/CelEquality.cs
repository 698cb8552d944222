namespace Fairlead.Dev.Cel.Values;

/// <summary>CEL equality: exact across the numeric types, false between other types, order-free for set and map lists.</summary>
internal static class CelEquality
{
    public static bool AreEqual(CelValue left, CelValue right) => (left, right) switch
    {
        (CelString a, CelString b) => string.Equals(a.Value, b.Value, StringComparison.Ordinal),
        (CelBool a, CelBool b) => a.Value == b.Value,
        (CelNull, CelNull) => true,
        (CelInt or CelUint or CelDouble, CelInt or CelUint or CelDouble) => CelNumbers.Compare(left, right) == 0,
        (CelList a, CelList b) => Lists(a, b),
        (CelMap a, CelMap b) => Maps(a, b),
        (CelBytes a, CelBytes b) => a.Value.Span.SequenceEqual(b.Value.Span),
        (CelTimestamp a, CelTimestamp b) => a.Nanoseconds == b.Nanoseconds,
        (CelDuration a, CelDuration b) => a.Nanoseconds == b.Nanoseconds,
        (CelTypeValue a, CelTypeValue b) => a.Value == b.Value,
        (CelOptional a, CelOptional b) => a.Value is null ? b.Value is null : b.Value is not null && AreEqual(a.Value, b.Value),
        (CelOpaque a, CelOpaque b) => a.EqualsOpaque(b),
        _ => false,
    };

    public static int Hash(CelValue value) => value switch
    {
        CelString s => s.Value.GetHashCode(StringComparison.Ordinal),
        CelBool b => b.Value ? 1 : 0,
        CelInt or CelUint or CelDouble => CelNumbers.Hash(value),
        CelList list => list.Items.Count,
        CelMap map => map.Keys.Count,
        CelBytes bytes => bytes.Value.Length,
        CelTimestamp t => t.Nanoseconds.GetHashCode(),
        CelDuration d => d.Nanoseconds.GetHashCode(),
        CelTypeValue t => (int)t.Value,
        _ => (int)value.Kind,
    };

    private static bool Lists(CelList a, CelList b)
    {
        if (a.Items.Count != b.Items.Count)
            return false;
        if (a.Semantics.IsAtomic)
        {
            for (var i = 0; i < a.Items.Count; i++)
            {
                if (!AreEqual(a.Items[i], b.Items[i]))
                    return false;
            }
            return true;
        }
        var byIdentity = new Dictionary<CelValue, CelValue>();
        foreach (var item in b.Items)
            byIdentity[a.Semantics.Identity(item)] = item;
        return a.Items.All(item => byIdentity.TryGetValue(a.Semantics.Identity(item), out var other) && AreEqual(item, other));
    }

    private static bool Maps(CelMap a, CelMap b)
    {
        if (a.Keys.Count != b.Keys.Count)
            return false;
        foreach (var key in a.Keys)
        {
            if (!b.TryGet(key, out var other) || !AreEqual(a[key], other))
                return false;
        }
        return true;
    }
}
