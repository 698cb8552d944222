using System.Collections.Immutable;

namespace Fairlead.Dev.Cel.Values;

/// <summary>How lists of one <c>x-kubernetes-list-type</c> compare and concatenate; with no keys and not a set, a list is atomic.</summary>
internal sealed record CelListSemantics(bool IsSet, ImmutableArray<string> MapKeys)
{
    public static readonly CelListSemantics Atomic = new(false, []);
    public static readonly CelListSemantics Set = new(true, []);

    public bool IsAtomic => !IsSet && MapKeys.IsEmpty;

    /// <summary>The part of an element that identifies it within its list.</summary>
    public CelValue Identity(CelValue element) =>
        MapKeys.IsEmpty || element is not CelMap map
            ? element
            : new CelList([.. MapKeys.Select(key => map.TryGet(Of(key), out var part) ? part : CelNull.Instance)]);

    private static CelString Of(string key) => new(key);
}
