using System.Diagnostics.CodeAnalysis;

namespace Fairlead.Dev.Cel.Values;

/// <summary>An insertion-ordered map. Keys are bool, int, uint or string; a number finds its key whatever its type.</summary>
internal sealed class CelMap : CelValue
{
    private readonly Dictionary<CelValue, CelValue> _entries;
    private readonly List<CelValue> _keys;

    private CelMap(Dictionary<CelValue, CelValue> entries, List<CelValue> keys)
    {
        _entries = entries;
        _keys = keys;
    }

    public override CelKind Kind => CelKind.Map;

    internal override int Size => _keys.Count;

    public IReadOnlyList<CelValue> Keys => _keys;

    public CelValue this[CelValue key] => _entries[key];

    /// <summary>Builds a map; a later entry replaces an earlier one with the same key.</summary>
    public static CelMap From(IEnumerable<KeyValuePair<CelValue, CelValue>> entries)
    {
        var map = new Dictionary<CelValue, CelValue>();
        var keys = new List<CelValue>();
        foreach (var (key, value) in entries)
        {
            if (!map.ContainsKey(key))
                keys.Add(key);
            map[key] = value;
        }
        return new CelMap(map, keys);
    }

    public bool TryGet(CelValue key, [NotNullWhen(true)] out CelValue? value) => _entries.TryGetValue(key, out value);

    /// <summary>Finds a selected field under its own name, or under the property name Kubernetes escapes to it.</summary>
    public bool TryGetField(string field, [NotNullWhen(true)] out CelValue? value)
    {
        if (TryGet(new CelString(field), out value))
            return true;
        return field.Contains("__", StringComparison.Ordinal)
            && CelNames.TryUnescape(field, out var name)
            && TryGet(new CelString(name), out value);
    }

    public override string ToString() => $"{{{string.Join(", ", _keys.Select(k => $"{k}: {_entries[k]}"))}}}";
}
