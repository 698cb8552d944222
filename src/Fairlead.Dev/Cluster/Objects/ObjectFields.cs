using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.FieldManagement;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Objects;

/// <summary>Keeps <c>metadata.managedFields</c> up to date.</summary>
internal static class ObjectFields
{
    private static readonly string[] UserMetadata =
        ["metadata.annotations", "metadata.finalizers", "metadata.labels", "metadata.ownerReferences"];

    /// <summary>Records what a write changed; what server-side apply made has been recorded by it.</summary>
    public static JsonObject Track(
        ResourceDefinition definition, JsonObject obj, JsonObject? old, string? subresource, WriteContext context, DateTimeOffset now) =>
        context.IsApply ? obj : FieldManager.TrackUpdate(old, obj, definition.Schema, Options(definition, obj, subresource, context, now));

    /// <summary>Applies a configuration to an object, or to none.</summary>
    public static JsonObject Apply(
        ResourceDefinition definition, JsonObject configuration, JsonObject? live, string? subresource, WriteContext context, DateTimeOffset now) =>
        FieldManager.Apply(live, configuration, definition.Schema, Options(definition, configuration, subresource, context, now));

    private static FieldManagerOptions Options(
        ResourceDefinition definition, JsonObject written, string? subresource, WriteContext context, DateTimeOffset now) => new()
        {
            Manager = context.FieldManager,
            ApiVersion = definition.ApiVersion,
            Subresource = subresource ?? "",
            Now = now,
            Force = context.Force,
            ResetFields = subresource switch
            {
                null when definition.HasStatus && !(definition.KeepsStatusOnCreate && !context.IsApply) => ["status"],
                "status" =>
                [
                    .. written.Select(m => m.Key).Where(k => k is not ("apiVersion" or "kind" or "metadata" or "status")),
                    .. definition.StatusTakesMetadata ? [] : UserMetadata,
                ],
                _ => [],
            },
        };
}
