using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.BuiltIns;

/// <summary>
/// Brings an object into the form in which a typed server stores it: nulls and zero values gone, defaults filled in,
/// quantities and times in canonical form. Doing it again changes nothing.
/// </summary>
internal static class ObjectNormalizer
{
    public static void Normalize(SchemaNode schema, JsonObject obj)
    {
        foreach (var (name, value) in obj.ToArray())
        {
            var member = schema.Properties.GetValueOrDefault(name) ?? schema.AdditionalProperties;
            if (member is null)
                continue;

            var isDeclared = schema.Properties.ContainsKey(name);
            if (isDeclared && (value is null || (member.OmitZero && IsZero(value))))
            {
                if (!(member.Nullable && value is null && !member.OmitZero))
                    obj.Remove(name);
            }
            else if (value is not null)
            {
                Replace(obj, name, member, value);
            }
        }

        foreach (var (name, member) in schema.Properties)
        {
            if (member.Default is not null && !obj.ContainsKey(name))
            {
                obj[name] = member.Default.DeepClone();
                if (obj[name] is JsonObject filled)
                    Normalize(member, filled);
            }
        }
    }

    private static void Replace(JsonObject obj, string name, SchemaNode member, JsonNode value)
    {
        switch (value)
        {
            case JsonObject child:
                Normalize(member, child);
                break;
            case JsonArray list when member.Items is { } item:
                foreach (var element in list.OfType<JsonObject>())
                    Normalize(item, element);
                break;
            default:
                if (Scalar(member, value) is { } canonical)
                    obj[name] = canonical;
                break;
        }
    }

    private static JsonValue? Scalar(SchemaNode schema, JsonNode value) => schema.Format switch
    {
        "quantity" when QuantityText(value) is { } text && Quantity.TryParse(text, out var quantity) => JsonValue.Create(quantity.RoundUpToMilli().ToString()),
        "date-time" when value.Text() is { } text => Instant(text),
        _ => null,
    };

    private static string? QuantityText(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.Text(),
        JsonValueKind.Number => value.ToJsonString(),
        _ => null,
    };

    // Whole seconds print without a fraction; fractions are those of MicroTime, six digits.
    private static JsonValue? Instant(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) && time.Offset != TimeSpan.Zero
            ? JsonValue.Create(time.UtcDateTime.ToString(
                time.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture))
            : null;

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject obj => obj.Count == 0,
        JsonArray list => list.Count == 0,
        _ => value.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.String => value.Text()!.Length == 0,
            JsonValueKind.Number => value.Integer() == 0,
            _ => false,
        },
    };
}
