using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>One rule of a Role or ClusterRole.</summary>
internal sealed record RoleRule(
    ImmutableArray<string> Verbs,
    ImmutableArray<string> ApiGroups,
    ImmutableArray<string> Resources,
    ImmutableArray<string> ResourceNames,
    ImmutableArray<string> NonResourceUrls)
{
    private const string All = "*";

    public static RoleRule Read(JsonObject rule) => new(
        [.. rule.Texts("verbs")], [.. rule.Texts("apiGroups")], [.. rule.Texts("resources")], [.. rule.Texts("resourceNames")],
        [.. rule.Texts("nonResourceURLs")]);

    public static IEnumerable<RoleRule> ReadAll(JsonObject? role) => role.Objects("rules").Select(Read);

    public bool Allows(AuthorizationRequest request)
    {
        if (!Holds(Verbs, request.Verb))
            return false;
        if (request.Path is { } path)
            return NonResourceUrls.Any(url => CoversPath(url, path));

        return Holds(ApiGroups, request.Group) && Resources.Any(r => CoversResource(r, request.Resource, request.Subresource)) &&
            (ResourceNames.IsEmpty || (request.Name.Length > 0 && ResourceNames.Contains(request.Name)));
    }

    /// <summary>Whether this rule grants all of a rule that names one thing of each sort.</summary>
    public bool Covers(RoleRule single)
    {
        if (!single.Verbs.All(v => Holds(Verbs, v)))
            return false;
        if (!single.NonResourceUrls.IsEmpty)
            return single.NonResourceUrls.All(path => NonResourceUrls.Any(url => CoversPath(url, path)));

        return single.ApiGroups.All(g => Holds(ApiGroups, g)) && single.Resources.All(CoversResource) &&
            (ResourceNames.IsEmpty || (!single.ResourceNames.IsEmpty && single.ResourceNames.All(n => ResourceNames.Contains(n))));
    }

    /// <summary>The rule as rules of one verb on one resource each.</summary>
    public IEnumerable<RoleRule> Split()
    {
        foreach (var verb in Verbs)
        {
            foreach (var url in NonResourceUrls)
                yield return new RoleRule([verb], [], [], [], [url]);
            foreach (var group in ApiGroups)
            {
                foreach (var resource in Resources)
                {
                    if (ResourceNames.IsEmpty)
                        yield return new RoleRule([verb], [group], [resource], [], []);
                    foreach (var name in ResourceNames)
                        yield return new RoleRule([verb], [group], [resource], [name], []);
                }
            }
        }
    }

    public override string ToString()
    {
        var parts = new List<string>();
        Add("APIGroups", ApiGroups);
        Add("Resources", Resources);
        Add("ResourceNames", ResourceNames);
        Add("NonResourceURLs", NonResourceUrls);
        Add("Verbs", Verbs);
        return $"{{{string.Join(", ", parts)}}}";

        void Add(string name, ImmutableArray<string> values)
        {
            if (!values.IsEmpty)
                parts.Add($"{name}:[{string.Join(' ', values.Select(v => $"\"{v}\""))}]");
        }
    }

    private static bool Holds(ImmutableArray<string> values, string wanted) => values.Contains(All) || values.Contains(wanted);

    private static bool CoversPath(string pattern, string path) =>
        pattern == All || pattern == path || (pattern.EndsWith('*') && path.StartsWith(pattern[..^1], StringComparison.Ordinal));

    private static bool CoversResource(string pattern, string resource, string subresource)
    {
        var full = subresource.Length == 0 ? resource : $"{resource}/{subresource}";
        return pattern == All || pattern == full || (subresource.Length > 0 && pattern == $"*/{subresource}");
    }

    private bool CoversResource(string resource)
    {
        var slash = resource.IndexOf('/', StringComparison.Ordinal);
        return Resources.Any(r => slash < 0 ? CoversResource(r, resource, "") : CoversResource(r, resource[..slash], resource[(slash + 1)..]));
    }
}
