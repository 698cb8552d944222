using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What requests and limits must satisfy.</summary>
internal static class ResourceRules
{
    public static void Check(JsonObject? resources, string path, Problems problems)
    {
        var (requests, limits) = (resources.Object("requests"), resources.Object("limits"));
        foreach (var (map, name) in (ReadOnlySpan<(JsonObject?, string)>)[(limits, "limits"), (requests, "requests")])
        {
            foreach (var (resource, amount) in map ?? [])
                CheckAmount(resource, amount, $"{path}.{name}[{resource}]", problems);
        }

        foreach (var (resource, amount) in requests ?? [])
        {
            if (Quantity.TryParse(amount.Text(), out var request) && Quantity.TryParse(limits.Text(resource), out var limit) && request > limit)
                problems.Invalid($"{path}.requests", amount, $"must be less than or equal to {resource} limit of {limit}");
        }
    }

    private static void CheckAmount(string resource, JsonNode? amount, string path, Problems problems)
    {
        if (Names.QualifiedName(resource) is { } fault)
            problems.Invalid(path, resource, fault);
        else if (!resource.Contains('/', StringComparison.Ordinal) && !IsStandard(resource))
        {
            problems.Invalid(path, resource, "must be a standard resource type or fully qualified");
            problems.Invalid(path, resource, "must be a standard resource for containers");
        }

        if (Quantity.TryParse(amount.Text(), out var quantity) && quantity.IsNegative)
            problems.Invalid(path, amount, "must be greater than or equal to 0");
    }

    private static bool IsStandard(string resource) =>
        resource is "cpu" or "memory" or "ephemeral-storage" || resource.StartsWith("hugepages-", StringComparison.Ordinal);
}
