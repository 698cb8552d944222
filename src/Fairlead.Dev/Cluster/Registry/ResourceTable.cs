using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Registry;

/// <summary>An immutable set of served resources with its indexes.</summary>
internal sealed class ResourceTable
{
    public static readonly ResourceTable Empty = new([]);

    private readonly FrozenDictionary<(string Group, string Version, string Plural), ServedResource> _byPath;
    private readonly FrozenDictionary<(string Group, string Plural), ServedResource> _preferred;

    public ResourceTable(ImmutableArray<ServedResource> all)
    {
        All = all;
        _byPath = all.ToFrozenDictionary(r => (r.Definition.Group, r.Definition.Version, r.Definition.Plural));
        _preferred = all
            .GroupBy(r => (r.Definition.Group, r.Definition.Plural))
            .ToFrozenDictionary(g => g.Key, g => g.MinBy(r => r.Definition.Version, ApiVersionOrder.Instance)!);
        Groups = [.. all
            .GroupBy(r => r.Definition.Group, StringComparer.Ordinal)
            .Select(g => new ServedGroup(g.Key, [.. g
                .GroupBy(r => r.Definition.Version, StringComparer.Ordinal)
                .OrderBy(v => v.Key, ApiVersionOrder.Instance)
                .Select(v => new ServedVersion(v.Key, [.. v.OrderBy(r => r.Definition.Plural, StringComparer.Ordinal)]))]))];
    }

    public ImmutableArray<ServedResource> All { get; }

    /// <summary>Groups in order of registration, each with its versions, most preferred first.</summary>
    public ImmutableArray<ServedGroup> Groups { get; }

    public ServedResource? Find(string group, string version, string plural) =>
        _byPath.GetValueOrDefault((group, version, plural));

    public ServedResource? FindPreferred(string group, string plural) => _preferred.GetValueOrDefault((group, plural));
}
