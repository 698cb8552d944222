using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>Turns messages into the JSON that the same client would have sent.</summary>
internal static class ProtobufMessageReader
{
    public static void ReadInto(JsonObject obj, ReadOnlySpan<byte> data, ProtobufMessage message)
    {
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (message.Find(reader.Field) is { } field)
                Add(obj, reader, field);
            else if (!reader.IsEmpty)
                throw ApiErrors.UnsupportedMediaType(
                    string.Create(CultureInfo.InvariantCulture, $"{ProtobufBody.MediaType} of {message.Name} with field {reader.Field}"),
                    "application/json, application/yaml");
        }
    }

    private static void Add(JsonObject obj, ProtobufReader reader, ProtobufField field)
    {
        switch (field.Type)
        {
            case ProtobufFieldType.Ignored:
                break;
            case ProtobufFieldType.Message when field.Inline:
                ReadInto(obj, reader.Bytes, ProtobufSchema.Instance.MessageOf(field));
                break;
            case ProtobufFieldType.TextMap or ProtobufFieldType.BytesMap or ProtobufFieldType.QuantityMap:
                AddEntry(obj, field, reader.Bytes);
                break;
            default:
                if (field.Repeated)
                    List(obj, field.Name).Add(Value(reader, field));
                else if (Value(reader, field) is { } value)
                    obj[field.Name] = value;
                break;
        }
    }

    private static JsonNode? Value(ProtobufReader reader, ProtobufField field)
    {
        var keeps = field.Repeated || field.KeepsEmpty;
        return field.Type switch
        {
            ProtobufFieldType.Message => Message(reader.Bytes, field),
            ProtobufFieldType.Integer => reader.Number != 0 || keeps ? JsonValue.Create(reader.Number) : null,
            ProtobufFieldType.Flag => reader.Number != 0 || keeps ? JsonValue.Create(reader.Number != 0) : null,
            ProtobufFieldType.Time => Time(reader.Bytes),
            ProtobufFieldType.Bytes => JsonValue.Create(Convert.ToBase64String(reader.Bytes)),
            ProtobufFieldType.Quantity => JsonValue.Create(Quantity(reader.Bytes)),
            ProtobufFieldType.IntegerOrText => IntegerOrText(reader.Bytes),
            _ => reader.Bytes.IsEmpty && !keeps ? null : JsonValue.Create(reader.Text),
        };
    }

    private static JsonObject Message(ReadOnlySpan<byte> data, ProtobufField field)
    {
        var obj = new JsonObject();
        ReadInto(obj, data, ProtobufSchema.Instance.MessageOf(field));
        return obj;
    }

    private static JsonValue? Time(ReadOnlySpan<byte> data)
    {
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (reader is { Field: 1, Number: > 0 })
                return JsonValue.Create(Timestamps.Format(DateTimeOffset.FromUnixTimeSeconds(reader.Number)));
        }

        return null;
    }

    private static string Quantity(ReadOnlySpan<byte> data)
    {
        var text = "";
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (reader.Field == 1)
                text = reader.Text;
        }

        // As JSON shows a quantity that was never set.
        return text.Length == 0 ? "0" : text;
    }

    /// <summary>Field 1 tells which: 0 the number of field 2, 1 the text of field 3.</summary>
    private static JsonValue IntegerOrText(ReadOnlySpan<byte> data)
    {
        var (isText, number, text) = (false, 0L, "");
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (reader.Field == 1)
                isText = reader.Number != 0;
            else if (reader.Field == 2)
                number = reader.Number;
            else if (reader.Field == 3)
                text = reader.Text;
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    private static void AddEntry(JsonObject obj, ProtobufField field, ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        var reader = new ProtobufReader(entry);
        while (reader.Read())
        {
            if (reader.Field == 1)
                key = reader.Text;
            else if (reader.Field == 2)
                value = field.Type switch
                {
                    ProtobufFieldType.BytesMap => Convert.ToBase64String(reader.Bytes),
                    ProtobufFieldType.QuantityMap => Quantity(reader.Bytes),
                    _ => reader.Text,
                };
        }

        if (obj[field.Name] is not JsonObject map)
            obj[field.Name] = map = [];
        map[key] = value;
    }

    private static JsonArray List(JsonObject obj, string name)
    {
        if (obj[name] is not JsonArray list)
            obj[name] = list = [];
        return list;
    }
}
