using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cel.Values;

internal static class JsonConversion
{
    public static CelValue FromJson(JsonNode? node, SchemaNode? schema) => node switch
    {
        null => CelNull.Instance,
        JsonObject fields => Map(fields, schema),
        JsonArray items => List(items, schema),
        _ => Scalar(node.AsValue(), schema),
    };

    public static JsonNode? ToJson(CelValue value) => value switch
    {
        CelNull => null,
        CelBool b => JsonValue.Create(b.Value),
        CelInt i => JsonValue.Create(i.Value),
        CelUint u => JsonValue.Create(u.Value),
        CelDouble d when double.IsFinite(d.Value) => JsonValue.Create(d.Value),
        CelString s => JsonValue.Create(s.Value),
        CelBytes b => JsonValue.Create(Convert.ToBase64String(b.Value.Span)),
        CelList list => new JsonArray([.. list.Items.Select(ToJson)]),
        CelMap map => new JsonObject(map.Keys.Select(k => KeyValuePair.Create(k.ToString()!, ToJson(map[k])))),
        CelOptional optional => optional.Value is null ? null : ToJson(optional.Value),
        CelTimestamp or CelDuration or CelOpaque => JsonValue.Create(value.ToString()!),
        _ => throw new InvalidOperationException($"A value of type {CelKinds.Name(value.Kind)} has no JSON form: {value}"),
    };

    private static CelMap Map(JsonObject fields, SchemaNode? schema) =>
        CelMap.From(fields.Select(field => KeyValuePair.Create<CelValue, CelValue>(
            new CelString(field.Key),
            FromJson(field.Value, schema?.Properties.GetValueOrDefault(field.Key) ?? schema?.AdditionalProperties))));

    private static CelList List(JsonArray items, SchemaNode? schema) =>
        new([.. items.Select(item => FromJson(item, schema?.Items))], Semantics(schema));

    private static CelListSemantics Semantics(SchemaNode? schema) => schema?.ListType switch
    {
        ListType.Set => CelListSemantics.Set,
        ListType.Map => new CelListSemantics(false, schema.ListMapKeys),
        _ => CelListSemantics.Atomic,
    };

    private static CelValue Scalar(JsonValue value, SchemaNode? schema) => value.GetValueKind() switch
    {
        JsonValueKind.True => CelBool.True,
        JsonValueKind.False => CelBool.False,
        JsonValueKind.Number => Number(value, schema?.Type == "number"),
        JsonValueKind.String => Formatted(value.GetValue<string>(), schema?.Format),
        _ => CelNull.Instance,
    };

    private static CelValue Number(JsonValue value, bool always)
    {
        using var document = JsonDocument.Parse(value.ToJsonString());
        return !always && document.RootElement.TryGetInt64(out var whole)
            ? new CelInt(whole)
            : new CelDouble(document.RootElement.GetDouble());
    }

    // A text that does not fit its format stays text: the schema's own check reports it.
    private static CelValue Formatted(string text, string? format)
    {
        switch (format)
        {
            case "date-time" when CelTimestamp.TryParse(text, out var instant):
                return new CelTimestamp(instant);
            case "date" when CelTimestamp.TryParseDate(text, out var day):
                return new CelTimestamp(day);
            case "duration" when CelDuration.TryParse(text, out var span):
                return new CelDuration(span);
            case "byte":
                var buffer = new byte[text.Length];
                return Convert.TryFromBase64String(text, buffer, out var length) ? new CelBytes(buffer[..length]) : new CelString(text);
            default:
                return new CelString(text);
        }
    }
}
