using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Reads what a certificate authority says without trusting its shape: what is not as it should be is not there.</summary>
internal static class AcmeJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <returns>Null if the text is no JSON object.</returns>
    public static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict) as JsonObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is for names with half of a surrogate pair.
            return null;
        }
    }

    public static JsonNode? At(this JsonNode? node, string name) => node is JsonObject value && value.TryGetPropertyValue(name, out var found) ? found : null;

    public static IEnumerable<JsonNode?> Items(this JsonNode? node, string name) => node.At(name) is JsonArray items ? items : [];

    public static string? Text(this JsonNode? node, string name) => node.At(name).AsText();

    public static string? AsText(this JsonNode? node)
    {
        try
        {
            return node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }

    /// <summary>An address that can be asked over HTTP.</summary>
    public static Uri? AsHttpUri(this JsonNode? node) => ToHttpUri(null, node.AsText());

    /// <param name="origin">What a relative address is relative to; null allows none.</param>
    public static Uri? ToHttpUri(Uri? origin, string? text)
    {
        var isUri = origin is null ? Uri.TryCreate(text, UriKind.Absolute, out var uri) : Uri.TryCreate(origin, text, out uri);
        return isUri && (uri!.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) ? uri : null;
    }
}
