using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Serialization;
using Fairlead.Dev.Cluster.Serialization.Protobuf;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Reads request bodies in JSON or YAML.</summary>
internal static class RequestBody
{
    /// <summary>Limit of the API server on a request's body, in bytes.</summary>
    public const int MaxSize = 3 * 1024 * 1024;

    private const string Accepted = "application/json, application/yaml";

    public static string MediaType(HttpRequest request)
    {
        var text = request.ContentType ?? "";
        var semicolon = text.IndexOf(';', StringComparison.Ordinal);
        return (semicolon < 0 ? text : text[..semicolon]).Trim().ToLowerInvariant();
    }

    /// <summary>The body as an object.</summary>
    /// <param name="duplicates">Receives the paths of members that appear twice.</param>
    public static async Task<JsonObject> ReadObjectAsync(HttpRequest request, List<string> duplicates, CancellationToken cancellationToken)
    {
        // The API server takes a body without content type for JSON.
        var type = MediaType(request);
        if (type is not ("" or "application/json" or "application/yaml" or ProtobufBody.MediaType))
            throw ApiErrors.UnsupportedMediaType(type, Accepted);
        var bytes = await ReadAsync(request, cancellationToken).ConfigureAwait(false);
        return ParseObject(bytes.Span, type, duplicates);
    }

    public static JsonObject ParseObject(ReadOnlySpan<byte> bytes, string mediaType, List<string> duplicates) =>
        mediaType == ProtobufBody.MediaType
            ? ProtobufBody.Parse(bytes)
            : Parse(bytes, mediaType == "application/yaml", duplicates) as JsonObject
                ?? throw ApiErrors.BadRequest("the body of the request must be an object");

    public static JsonNode? Parse(ReadOnlySpan<byte> bytes, bool yaml, List<string> duplicates)
    {
        try
        {
            return JsonBody.Parse(yaml ? YamlBody.ToJson(Encoding.UTF8.GetString(bytes)).Span : bytes, duplicates);
        }
        catch (JsonException e)
        {
            throw ApiErrors.BadRequest($"the body of the request could not be read: {e.Message}");
        }
    }

    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxSize)
            throw ApiErrors.TooLarge(MaxSize);
        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (result.Buffer.Length > MaxSize)
                throw ApiErrors.TooLarge(MaxSize);
            if (result.IsCompleted)
            {
                var bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
