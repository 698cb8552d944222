using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Objects;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>
/// Reads the few objects that clients insist on sending as protobuf. Other types are refused: the server speaks JSON.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <exception cref="ApiStatusException">400 for malformed bodies, 415 for types that are not read from protobuf.</exception>
    public static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (!body.StartsWith(Magic))
                throw new FormatException("the body does not start with the prefix of Kubernetes protobuf");
            return ParseEnvelope(body[Magic.Length..]);
        }
        catch (FormatException e)
        {
            throw ApiErrors.BadRequest(e.Message);
        }
    }

    /// <summary>The envelope: field 1 names the type, field 2 is the object.</summary>
    private static JsonObject ParseEnvelope(ReadOnlySpan<byte> envelope)
    {
        var (apiVersion, kind) = ("", "");
        ReadOnlySpan<byte> raw = default;
        var reader = new ProtobufReader(envelope);
        while (reader.Read())
        {
            if (reader.Field == 2)
                raw = reader.Bytes;
            if (reader.Field != 1)
                continue;
            var type = new ProtobufReader(reader.Bytes);
            while (type.Read())
            {
                if (type.Field == 1)
                    apiVersion = type.Text;
                else if (type.Field == 2)
                    kind = type.Text;
            }
        }

        // Options of every group look alike.
        var message = ProtobufTypes.Find(kind == "DeleteOptions" ? "v1" : apiVersion, kind)
            ?? throw ApiErrors.UnsupportedMediaType($"{MediaType} of {kind}", "application/json, application/yaml");
        var obj = ParseMessage(raw, message);
        obj["apiVersion"] = apiVersion;
        obj["kind"] = kind;
        return obj;
    }

    private static JsonObject ParseMessage(ReadOnlySpan<byte> data, ProtobufMessage message)
    {
        var obj = new JsonObject();
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (message.Find(reader.Field) is not { } field)
                continue;
            if (field.Type is ProtobufFieldType.TextMap or ProtobufFieldType.BytesMap)
                AddEntry(obj, field, reader.Bytes);
            else if (field.Repeated)
                List(obj, field.Name).Add(Value(reader, field));
            else if (Value(reader, field) is { } value)
                obj[field.Name] = value;
        }

        return obj;
    }

    private static JsonNode? Value(ProtobufReader reader, ProtobufField field) => field.Type switch
    {
        ProtobufFieldType.Message => ParseMessage(reader.Bytes, field.Message!),
        ProtobufFieldType.Integer => JsonValue.Create(reader.Number),
        ProtobufFieldType.Flag => JsonValue.Create(reader.Number != 0),
        ProtobufFieldType.Time => Time(reader.Bytes),
        ProtobufFieldType.Bytes => JsonValue.Create(Convert.ToBase64String(reader.Bytes)),

        // Fields without presence are sent empty; in JSON they are left out.
        _ => reader.Bytes.IsEmpty && !field.Repeated ? null : JsonValue.Create(reader.Text),
    };

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

    private static void AddEntry(JsonObject obj, ProtobufField field, ReadOnlySpan<byte> entry)
    {
        var (key, value) = ("", "");
        var reader = new ProtobufReader(entry);
        while (reader.Read())
        {
            if (reader.Field == 1)
                key = reader.Text;
            else if (reader.Field == 2)
                value = field.Type == ProtobufFieldType.BytesMap ? Convert.ToBase64String(reader.Bytes) : reader.Text;
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
