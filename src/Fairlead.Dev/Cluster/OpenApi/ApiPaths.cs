using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>URL paths of a resource type.</summary>
internal static class ApiPaths
{
    /// <summary>Root of a group version without leading slash: <c>api/v1</c>, <c>apis/apps/v1</c>.</summary>
    public static string GroupVersion(ResourceDefinition definition) =>
        definition.Group.Length == 0 ? $"api/{definition.Version}" : $"apis/{definition.Group}/{definition.Version}";

    /// <summary>The path of all objects a request in one namespace, or in a cluster-scoped type, can reach.</summary>
    public static string Collection(ResourceDefinition definition) => definition.Namespaced
        ? $"/{GroupVersion(definition)}/namespaces/{{namespace}}/{definition.Plural}"
        : $"/{GroupVersion(definition)}/{definition.Plural}";

    public static string AllNamespaces(ResourceDefinition definition) => $"/{GroupVersion(definition)}/{definition.Plural}";

    public static IEnumerable<string> Subresources(ResourceDefinition definition)
    {
        if (definition.HasStatus)
            yield return "status";
        if (definition.Scale is not null)
            yield return "scale";
    }
}
