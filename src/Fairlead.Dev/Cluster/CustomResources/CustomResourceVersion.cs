using System.Collections.Immutable;
using System.Text.Json.Nodes;
using static Fairlead.Dev.Cluster.CustomResources.StructuralSchemaReader;

namespace Fairlead.Dev.Cluster.CustomResources;

/// <summary>One entry of <c>spec.versions</c>, as written.</summary>
internal sealed record CustomResourceVersion(string Name, bool Served, bool Storage, JsonObject? Schema, JsonObject Source)
{
    public static ImmutableArray<CustomResourceVersion> ReadAll(JsonObject spec) =>
        spec["versions"] is JsonArray versions ? [.. versions.OfType<JsonObject>().Select(Read)] : [];

    /// <summary>The <c>scale</c> subresource, when there is one.</summary>
    public JsonObject? Scale => Subresources?["scale"] as JsonObject;

    public bool HasStatus => Subresources?.ContainsKey("status") ?? false;

    public IEnumerable<JsonObject> Columns => (Source["additionalPrinterColumns"] as JsonArray ?? []).OfType<JsonObject>();

    public IEnumerable<JsonObject> SelectableFields => (Source["selectableFields"] as JsonArray ?? []).OfType<JsonObject>();

    private JsonObject? Subresources => Source["subresources"] as JsonObject;

    private static CustomResourceVersion Read(JsonObject version) => new(
        Text(version, "name") ?? "",
        Flag(version, "served"),
        Flag(version, "storage"),
        (version["schema"] as JsonObject)?["openAPIV3Schema"] as JsonObject,
        version);
}
