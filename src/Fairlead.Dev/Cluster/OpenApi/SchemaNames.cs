using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.OpenApi;

/// <summary>Names of the schemas in OpenAPI documents.</summary>
internal static class SchemaNames
{
    public const string ObjectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

    public const string ListMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta";

    /// <summary>Built-in groups live under <c>io.k8s.api</c>, others under their group with its labels reversed.</summary>
    public static string Of(ResourceDefinition definition) => $"{Prefix(definition.Group)}.{definition.Version}.{definition.Kind}";

    private static string Prefix(string group)
    {
        if (group.Length == 0)
            return "io.k8s.api.core";
        var labels = group.Split('.');
        var isBuiltIn = labels.Length == 1 || group.EndsWith(".k8s.io", StringComparison.Ordinal);
        return isBuiltIn ? $"io.k8s.api.{labels[0]}" : string.Join(".", labels.Reverse());
    }
}
