using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>Whole HTTP/1 messages as text (RFC 9112), as far as one server's requests need it: no chunks, no trailers.</summary>
internal static class HttpText
{
    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <returns>Null if it is no request; then <paramref name="refusal"/> says why.</returns>
    public static ControlToNodeRequest? Read(ReadOnlySpan<byte> message, out ControlToNodeResponse refusal)
    {
        refusal = ControlToNodeResponse.Text("bad request\n", 400);
        var end = message.IndexOf("\r\n\r\n"u8);
        if (end < 0) return null;
        var lines = Encoding.Latin1.GetString(message[..end]).Split("\r\n");
        var start = lines[0].Split(' ');
        if (start.Length != 3 || !IsToken(start[0]) || start[2] is not ("HTTP/1.1" or "HTTP/1.0")) return null;
        if (ReadHeaders(lines.AsSpan(1)) is not { } headers) return null;
        if (headers.ContainsKey("Transfer-Encoding"))
        {
            refusal = ControlToNodeResponse.Text("transfer encodings are not supported\n", 501);
            return null;
        }

        var body = message[(end + 4)..];
        if (headers.TryGetValue("Content-Length", out var text))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > body.Length) return null;
            body = body[..length];
        }
        else
        {
            body = [];
        }

        var (path, query) = SplitTarget(start[1]);
        return path is null ? null : new ControlToNodeRequest { Method = start[0], Path = path, Query = query, Headers = headers, Body = body.ToArray() };
    }

    public static byte[] Write(ControlToNodeResponse response)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {response.Status} {ReasonPhrases.GetReasonPhrase(response.Status)}\r\nContent-Type: {response.ContentType}\r\nContent-Length: {response.Body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. response.Body.Span];
    }

    private static Dictionary<string, string>? ReadHeaders(ReadOnlySpan<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || !IsToken(line.AsSpan(0, colon))) return null;
            var (name, value) = (line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
            if (headers.TryGetValue(name, out var earlier))
            {
                // RFC 9112 section 6.3: two lengths that differ are an attack, or a mistake.
                if (name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && earlier != value) return null;
                value = $"{earlier}, {value}";
            }

            headers[name] = value;
        }

        return headers;
    }

    private static (string? Path, string Query) SplitTarget(string target)
    {
        if (Uri.TryCreate(target, UriKind.Absolute, out var url) && url.Scheme is "http" or "https") target = url!.PathAndQuery;
        if (!target.StartsWith('/')) return (null, "");
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        return mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
    }

    private static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(TokenChars);
}
