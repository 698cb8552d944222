using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.FieldManagement;

/// <summary>
/// How <c>kubectl apply --server-side</c> takes over what <c>kubectl apply</c> wrote: fields in the annotation with the last applied
/// configuration are no conflict for it, and the annotation follows, so that the way back works too. Only for the manager
/// <c>kubectl</c>, as on a real server.
/// </summary>
internal static class LastApplied
{
    private const string Manager = "kubectl";
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>Fields the manager may change whoever owns them.</summary>
    public static FieldSet Takeover(JsonObject? live, string manager, SchemaNode schema)
    {
        if (manager != Manager || Annotations(live)?[Annotation] is not JsonValue value || value.GetValueKind() != JsonValueKind.String)
            return new FieldSet();
        try
        {
            return JsonNode.Parse(value.GetValue<string>()) is JsonObject configuration ? FieldSetBuilder.Build(configuration, schema) : new FieldSet();
        }
        catch (JsonException)
        {
            // An annotation that somebody broke allows nothing.
            return new FieldSet();
        }
    }

    /// <summary>Writes the configuration into the annotation of an object that has one.</summary>
    public static void Refresh(JsonObject merged, JsonObject applied, string manager)
    {
        if (manager == Manager && Annotations(merged) is { } annotations && annotations.ContainsKey(Annotation))
            annotations[Annotation] = ObjectManagedFields.Without(applied).ToJsonString() + "\n";
    }

    private static JsonObject? Annotations(JsonObject? obj) => (obj?["metadata"] as JsonObject)?["annotations"] as JsonObject;
}
