using System.Buffers;
using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Policy;

/// <summary>HuJSON: JSON with comments and trailing commas.</summary>
internal static class PolicySyntax
{
    private static readonly JsonDocumentOptions HuJson = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
    };

    /// <summary>The same without comments and trailing commas.</summary>
    public static byte[] ToJson(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            Parse(Encoding.UTF8.GetBytes(text)).WriteTo(writer);
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <exception cref="ApiRefusal">400: it is not HuJSON.</exception>
    public static JsonElement Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, HuJson);
            return document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            throw ApiRefusal.BadRequest($"the policy file is not valid HuJSON: {e.Message}");
        }
    }
}
