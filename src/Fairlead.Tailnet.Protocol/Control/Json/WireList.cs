namespace Fairlead.Tailnet.Protocol.Control.Json;

/// <summary>Lists and maps as they come off the wire, where "none" may be absent, null or empty, and an entry may be null.</summary>
internal static class WireList
{
    /// <summary>The list as an array without null entries; empty for null.</summary>
    public static IReadOnlyList<T> Of<T>(IReadOnlyList<T>? values) => values is null ? [] : Cleaned(values);

    /// <summary>Like <see cref="Of"/>, but null stays null.</summary>
    public static IReadOnlyList<T>? OrNull<T>(IReadOnlyList<T>? values) => values is null ? null : Cleaned(values);

    /// <summary>The map; empty for null.</summary>
    public static IReadOnlyDictionary<TKey, TValue> Map<TKey, TValue>(IReadOnlyDictionary<TKey, TValue>? values)
        where TKey : notnull =>
        values is null or { Count: 0 } ? System.Collections.ObjectModel.ReadOnlyDictionary<TKey, TValue>.Empty : values;

    /// <summary>The map of lists, with empty lists for null ones; empty for null. A map that came from here is given back as it is.</summary>
    public static IReadOnlyDictionary<TKey, IReadOnlyList<TValue>> MapOfLists<TKey, TValue>(IReadOnlyDictionary<TKey, IReadOnlyList<TValue>>? values)
        where TKey : notnull =>
        values is null or { Count: 0 }
            ? System.Collections.ObjectModel.ReadOnlyDictionary<TKey, IReadOnlyList<TValue>>.Empty
            : values.Values.All(list => list is TValue[] array && !HasNull(array)) ? values
            : values.ToDictionary(entry => entry.Key, entry => Of(entry.Value));

    private static T[] Cleaned<T>(IReadOnlyList<T> values)
    {
        if (values is T[] array && !HasNull(array)) return array;
        return HasNull(values) ? [.. values.Where(value => value is not null)] : [.. values];
    }

    private static bool HasNull<T>(IReadOnlyList<T> values)
    {
        if (typeof(T).IsValueType) return false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is null) return true;
        }

        return false;
    }
}
