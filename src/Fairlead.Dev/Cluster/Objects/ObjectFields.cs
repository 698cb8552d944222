using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Keeps <c>metadata.managedFields</c> up to date.</summary>
internal static class ObjectFields
{
    public static void Track(
        ResourceDefinition definition, JsonObject obj, JsonObject? old, string? subresource, WriteContext context, DateTimeOffset now)
    {
    }
}
