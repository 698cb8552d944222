using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Tables;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns and cells that several resource types share.</summary>
internal static class Cells
{
    public const string None = "<none>";
    public const string Unknown = "<unknown>";

    public static readonly PrinterColumn Age =
        Column("Age", (obj, now) => Since(obj.Object("metadata").Text("creationTimestamp"), now), "Time since the object was created.");

    public static PrinterColumn Column(string name, Func<JsonObject, string> render, string? description = null, bool wide = false) =>
        new(name, "string", null, wide ? 1 : 0, description, (obj, _) => render(obj));

    public static PrinterColumn Column(string name, Func<JsonObject, DateTimeOffset, string> render, string? description = null, bool wide = false) =>
        new(name, "string", null, wide ? 1 : 0, description, render);

    public static PrinterColumn Number(string name, Func<JsonObject, long?> value, string? description = null) =>
        new(name, "integer", null, 0, description, (obj, _) => (value(obj) ?? 0).ToString(CultureInfo.InvariantCulture));

    public static string Since(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start) ? HumanDuration.Format(now - start) : Unknown;

    public static string OrNone(string? text) => string.IsNullOrEmpty(text) ? None : text;

    public static string Joined(IEnumerable<string> texts) => OrNone(string.Join(',', texts));

    public static string Labels(JsonObject? labels) => Joined((labels ?? []).Select(l => $"{l.Key}={l.Value.Text()}"));

    public static string Selector(JsonObject? selector) => Joined(
        (selector.Object("matchLabels") ?? []).Select(l => $"{l.Key}={l.Value.Text()}").Concat(selector.Objects("matchExpressions").Select(Requirement)));

    public static string Images(JsonObject? podSpec) => string.Join(',', podSpec.Objects("containers").Select(c => c.Text("image")));

    public static string Containers(JsonObject? podSpec) => string.Join(',', podSpec.Objects("containers").Select(c => c.Text("name")));

    private static string Requirement(JsonObject requirement) => requirement.Text("operator") switch
    {
        "In" => $"{requirement.Text("key")} in ({string.Join(',', requirement.Texts("values"))})",
        "NotIn" => $"{requirement.Text("key")} notin ({string.Join(',', requirement.Texts("values"))})",
        "Exists" => requirement.Text("key")!,
        _ => $"!{requirement.Text("key")}",
    };
}
