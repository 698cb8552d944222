using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fairlead.Dev.Tailnet.RestApi;

internal sealed record ApiReply(int Status, ReadOnlyMemory<byte> Body)
{
    public string ContentType { get; init; } = "application/json";

    /// <summary>Unquoted entity tag.</summary>
    public string? ETag { get; init; }

    /// <summary>Value of <c>Retry-After</c>.</summary>
    public string? RetryAfter { get; init; }

    public static ApiReply Ok { get; } = new(200, "{}"u8.ToArray());

    public static ApiReply Json<T>(T value, JsonTypeInfo<T> type) => new(200, JsonSerializer.SerializeToUtf8Bytes(value, type));

    public static ApiReply Text(int status, string text, string contentType) =>
        new(status, Encoding.UTF8.GetBytes(text)) { ContentType = contentType };

    public static ApiReply Error(int status, ErrorBody error) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(error, RestApiJson.Default.ErrorBody));
}
