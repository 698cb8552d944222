using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>
/// Reads the objects that clients insist on sending as protobuf. Other types are refused: the server speaks JSON.
/// </summary>
internal static class ProtobufBody
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <exception cref="ApiStatusException">
    /// 400 for malformed bodies, 415 for types, and fields of types, that are not read from protobuf.
    /// </exception>
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
            else if (reader.Field == 1)
                (apiVersion, kind) = TypeOf(reader.Bytes);
        }

        // Options of every group look alike.
        var message = ProtobufSchema.Instance.FindObject(kind == "DeleteOptions" ? "v1" : apiVersion, kind)
            ?? throw ApiErrors.UnsupportedMediaType($"{MediaType} of {kind}", "application/json, application/yaml");
        var obj = new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind };
        ProtobufMessageReader.ReadInto(obj, raw, message);
        return obj;
    }

    private static (string ApiVersion, string Kind) TypeOf(ReadOnlySpan<byte> data)
    {
        var (apiVersion, kind) = ("", "");
        var reader = new ProtobufReader(data);
        while (reader.Read())
        {
            if (reader.Field == 1)
                apiVersion = reader.Text;
            else if (reader.Field == 2)
                kind = reader.Text;
        }

        return (apiVersion, kind);
    }
}
