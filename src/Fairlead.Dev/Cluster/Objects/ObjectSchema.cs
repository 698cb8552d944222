using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>What the schema of a type does to its objects on their way to the store.</summary>
internal static class ObjectSchema
{
    /// <summary>Removes what the schema does not know and reports it as the request wants.</summary>
    public static void Prune(ResourceDefinition definition, JsonObject obj, List<string> duplicates, WriteContext context)
    {
    }

    public static void Default(ResourceDefinition definition, JsonObject obj)
    {
    }

    public static IEnumerable<FieldError> Validate(ResourceDefinition definition, JsonObject obj, JsonObject? old) => [];
}
