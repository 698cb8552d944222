using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Admission.Policies;

/// <summary>Whether a request falls under <c>matchConstraints</c> or <c>matchResources</c>.</summary>
internal static class PolicyMatch
{
    private const string Any = "*";

    /// <param name="namespaceObject">The request's namespace; for a Namespace itself, that; null for other cluster-wide objects.</param>
    public static bool Includes(JsonObject? match, AdmissionRequest request, JsonObject? namespaceObject)
    {
        if (match is null)
            return true;
        if (match.Objects("excludeResourceRules").Any(r => Covers(r, request)))
            return false;
        if (match.Array("resourceRules") is { Count: > 0 } && !match.Objects("resourceRules").Any(r => Covers(r, request)))
            return false;

        return (namespaceObject is null || Selects(match.Object("namespaceSelector"), namespaceObject)) &&
            (Selects(match.Object("objectSelector"), request.Object) || Selects(match.Object("objectSelector"), request.OldObject));
    }

    private static bool Selects(JsonObject? selector, JsonObject? obj) => LabelMatcher.IsEmpty(selector) ||
        (obj is not null && LabelMatcher.Matches(selector, obj.Object("metadata").Object("labels") ?? []));

    private static bool Covers(JsonObject rule, AdmissionRequest request)
    {
        var type = request.Definition;
        var names = rule.Texts("resourceNames").ToList();
        return Holds(rule, "operations", request.Operation) && Holds(rule, "apiGroups", type.Group) && Holds(rule, "apiVersions", type.Version) &&
            rule.Texts("resources").Any(r => CoversResource(r, type.Plural, request.Subresource)) &&
            (names.Count == 0 || names.Contains(request.Name)) &&
            (rule.Text("scope") ?? Any) is var scope && (scope == Any || (scope == "Namespaced") == type.Namespaced);
    }

    private static bool Holds(JsonObject rule, string member, string value) => rule.Texts(member).Any(v => v == Any || v == value);

    private static bool CoversResource(string pattern, string plural, string? subresource)
    {
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
            return subresource is null && (pattern == Any || pattern == plural);
        return subresource is null
            ? pattern == "*/*"
            : (pattern[..slash] is var resource && (resource == Any || resource == plural)) &&
                (pattern[(slash + 1)..] is var wanted && (wanted == Any || wanted == subresource));
    }
}
