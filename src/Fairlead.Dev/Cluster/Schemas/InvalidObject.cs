using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>The 422 answer for an object with violations.</summary>
public static class InvalidObject
{
    /// <param name="group">API group of the kind; empty for the core group.</param>
    /// <param name="name">Name of the object; may be empty, for example with <c>generateName</c>.</param>
    public static ApiStatusException Exception(string group, string kind, string name, IEnumerable<FieldError> errors)
    {
        var causes = errors.ToImmutableArray();
        var qualified = group.Length == 0 ? kind : $"{kind}.{group}";
        var details = causes.Select(cause => cause.FullMessage()).Distinct(StringComparer.Ordinal).ToList();
        var text = details.Count == 1 ? details[0] : $"[{string.Join(", ", details)}]";
        return new ApiStatusException(422, "Invalid", $"{qualified} {JsonText.Quote(name)} is invalid: {text}")
        {
            Group = group,
            Kind = kind,
            Name = name,
            Causes = causes,
        };
    }
}
