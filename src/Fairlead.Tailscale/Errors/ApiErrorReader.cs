using System.Net;
using System.Text;
using System.Text.Json;
using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.Errors;

/// <summary>Turns an error answer into an exception; a body that is not the API's JSON keeps status and text.</summary>
internal static class ApiErrorReader
{
    // Error bodies are a few hundred bytes; a proxy's HTML page may be long, and only its start says anything.
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxTextChars = 300;

    public static async Task<TailscaleApiException> ReadAsync(
        HttpResponseMessage response, ApiRequest request, TimeSpan? retryAfter, CancellationToken ct)
    {
        var body = await ReadBodyAsync(response, ct);
        var (message, data) = Parse(Redaction.Apply(Encoding.UTF8.GetString(body), request.Secrets));
        var status = $"{(int)response.StatusCode} {ReasonOf(response)}".TrimEnd();
        var detail = message.Length == 0 ? status : $"{status}: {message}";
        if (response.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return new PreconditionFailedException(request.Method.Method, request.Path, detail)
            {
                StatusCode = response.StatusCode,
                Subjects = data,
            };
        }
        return new TailscaleApiException(request.Method.Method, request.Path, detail)
        {
            StatusCode = response.StatusCode,
            RetryAfter = retryAfter,
            Subjects = data,
        };
    }

    public static IReadOnlyList<SubjectErrors> ReadData(JsonElement root)
    {
        if (!root.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Array) return [];
        var entries = new List<SubjectErrors>();
        foreach (var entry in data.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object) continue;
            List<string> errors = [];
            if (entry.TryGetProperty("errors", out var list) && list.ValueKind == JsonValueKind.Array)
            {
                errors.AddRange(list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!));
            }
            entries.Add(new SubjectErrors(TextOf(entry, "user"), errors));
        }
        return entries;
    }

    public static string TextOf(JsonElement obj, string name) =>
        obj.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    // A body that cannot be read must not hide the status that came before it.
    private static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(ct);
            var buffer = new byte[MaxBodyBytes];
            var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, ct);
            return buffer[..length];
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return [];
        }
    }

    private static (string Message, IReadOnlyList<SubjectErrors> Data) Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object)
            {
                var message = TextOf(root, "message");
                if (message.Length == 0) message = OAuthMessage(root);
                return (message, ReadData(root));
            }
        }
        catch (JsonException)
        {
            // Not the API's own answer but, say, a load balancer's page: its text is all there is to tell.
        }
        var text = string.Join(' ', body.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return (text.Length > MaxTextChars ? text[..MaxTextChars] + "…" : text, []);
    }

    // RFC 6749, 5.2: token endpoints answer with error and error_description.
    private static string OAuthMessage(JsonElement root)
    {
        var (code, description) = (TextOf(root, "error"), TextOf(root, "error_description"));
        return description.Length == 0 ? code : $"{code}: {description}";
    }

    private static string ReasonOf(HttpResponseMessage response) =>
        string.IsNullOrEmpty(response.ReasonPhrase) ? response.StatusCode.ToString() : response.ReasonPhrase;
}
