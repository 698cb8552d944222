using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Http;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Tables;

/// <summary>Renders objects as the rows of <c>kubectl get</c>.</summary>
internal sealed class TableBuilder(ResourceDefinition definition, DateTimeOffset now)
{
    private const string NameDescription =
        "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to " +
        "request the generation of an appropriate name automatically.";

    private const string AgeDescription =
        "CreationTimestamp is a timestamp representing the server time when this object was created, in RFC3339 form and UTC.";

    private static readonly PrinterColumn Age = new("Age", "string", null, 0, AgeDescription, RenderAge);

    private readonly IReadOnlyList<PrinterColumn> _columns = definition.Columns.IsEmpty ? [Age] : definition.Columns;

    public IncludedObject Include { get; init; }

    public JsonObject Build(IReadOnlyList<StoredObject> objects, long version, bool withColumns = true) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) },
        ["columnDefinitions"] = withColumns ? ColumnDefinitions() : [],
        ["rows"] = new JsonArray([.. objects.Select(o => Row(o.Thaw(definition)))]),
    };

    private static string RenderAge(JsonObject obj, DateTimeOffset now) =>
        DateTimeOffset.TryParse((string?)obj["metadata"]?["creationTimestamp"], CultureInfo.InvariantCulture, out var created)
            ? HumanDuration.Format(now - created)
            : "<unknown>";

    private JsonArray ColumnDefinitions()
    {
        var columns = new JsonArray { (JsonNode)Column("Name", "string", "name", NameDescription, 0) };
        foreach (var c in _columns)
            columns.Add((JsonNode)Column(c.Name, c.Type, "", c.Description ?? "", c.Priority));
        return columns;
    }

    private static JsonObject Column(string name, string type, string format, string description, int priority) => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["format"] = format,
        ["description"] = description,
        ["priority"] = priority,
    };

    private JsonObject Row(JsonObject obj)
    {
        var cells = new JsonArray { (JsonNode?)obj["metadata"]!["name"]!.DeepClone() };
        foreach (var column in _columns)
            cells.Add(Cell(column, obj));
        var row = new JsonObject { ["cells"] = cells };
        if (Include == IncludedObject.Metadata)
            row["object"] = PartialMetadata.Of(obj);
        else if (Include == IncludedObject.Whole)
            row["object"] = obj;
        return row;
    }

    private JsonNode? Cell(PrinterColumn column, JsonObject obj)
    {
        if (column.Render is { } render)
            return JsonValue.Create(render(obj, now));
        var value = JsonPath.Find(obj, column.JsonPath ?? "");
        return column.Type switch
        {
            _ when value is null => column.Type == "date" ? JsonValue.Create("<unknown>") : null,
            "date" => JsonValue.Create(
                DateTimeOffset.TryParse(value.ToString(), CultureInfo.InvariantCulture, out var time)
                    ? HumanDuration.Format(now - time)
                    : "<invalid>"),
            "integer" or "number" or "boolean" => value.DeepClone(),
            _ => JsonValue.Create(value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString()),
        };
    }
}
