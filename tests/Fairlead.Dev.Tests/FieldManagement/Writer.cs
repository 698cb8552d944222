using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.FieldManagement;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Tests.CustomResources;

namespace Fairlead.Dev.Tests.FieldManagement;

/// <summary>One stored Widget and the ways to write it, a second apart.</summary>
internal sealed class Writer
{
    private static readonly SchemaNode Schema = Widgets.Definition.Schema;

    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public JsonObject? Live { get; set; }

    public JsonObject Apply(string manager, string spec, bool force = false) => ApplyObject(manager, Widgets.WithSpec(spec), force);

    public JsonObject ApplyObject(string manager, JsonObject configuration, bool force = false, string subresource = "")
    {
        var result = FieldManager.Apply(Live, configuration, Schema, Options(manager, subresource) with { Force = force });
        SchemaDefaulter.Apply(result, Schema);
        return Live = result;
    }

    /// <summary>Replaces the spec.</summary>
    public JsonObject Update(string manager, string spec)
    {
        var updated = (JsonObject)(Live ?? Widgets.WithSpec("{}")).DeepClone();
        updated["spec"] = JsonNode.Parse(spec);
        return UpdateObject(manager, updated);
    }

    public JsonObject UpdateObject(string manager, JsonObject updated, string subresource = "")
    {
        SchemaDefaulter.Apply(updated, Schema);
        return Live = FieldManager.TrackUpdate(Live, updated, Schema, Options(manager, subresource));
    }

    /// <summary>Fields of a manager as FieldsV1 text; null when it has none.</summary>
    public string? FieldsOf(string manager) => Entry(manager)?["fieldsV1"]!.ToJsonString(Relaxed);

    public string? TimeOf(string manager) => (string?)Entry(manager)?["time"];

    public IEnumerable<string> Managers() => Entries().Select(entry => (string)entry!["manager"]!);

    public string Spec() => Live!["spec"]!.ToJsonString();

    public JsonObject? Entry(string manager) => Entries().Select(e => (JsonObject)e!).FirstOrDefault(e => (string?)e["manager"] == manager);

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private JsonArray Entries() => Live?["metadata"]?["managedFields"] as JsonArray ?? [];

    private FieldManagerOptions Options(string manager, string subresource)
    {
        _now += TimeSpan.FromSeconds(1);
        return new FieldManagerOptions
        {
            Manager = manager,
            ApiVersion = "test.example.com/v1",
            Now = _now,
            Subresource = subresource,
            ResetFields = subresource.Length == 0 ? ["status"] : ["spec"],
        };
    }
}
