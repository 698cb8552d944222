using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Fairlead.Tailnet.Control.ControlToNode;

/// <summary>Whole HTTP/1 messages as text (RFC 9112), as far as one server's requests need it: chunked is the only transfer coding.</summary>
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
        if (headers.TryGetValue("Transfer-Encoding", out var coding) && !coding.Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            refusal = ControlToNodeResponse.Text("no transfer coding but chunked is supported\n", 501);
            return null;
        }

        if (BodyOf(message[(end + 4)..], headers, isChunked: coding is not null, start[2]) is not { } body) return null;
        var (path, query) = SplitTarget(start[1]);
        return path is null ? null : new ControlToNodeRequest { Method = start[0], Path = path, Query = query, Headers = headers, Body = body };
    }

    public static byte[] Write(ControlToNodeResponse response)
    {
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {response.Status} {ReasonPhrases.GetReasonPhrase(response.Status)}\r\nContent-Type: {response.ContentType}\r\nContent-Length: {response.Body.Length}\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. response.Body.Span];
    }

    /// <summary>Is it a header's or trailer's line?</summary>
    public static bool IsField(string line) => line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && IsToken(line.AsSpan(0, colon));

    private static byte[]? BodyOf(ReadOnlySpan<byte> rest, Dictionary<string, string> headers, bool isChunked, string version)
    {
        var hasLength = headers.TryGetValue("Content-Length", out var text);
        // RFC 9112 section 6.1: both together, or chunks before HTTP/1.1, are how requests are smuggled.
        if (isChunked) return hasLength || version == "HTTP/1.0" ? null : ChunkedBody.Decode(rest);
        if (!hasLength) return [];
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= rest.Length ? rest[..length].ToArray() : null;
    }

    private static Dictionary<string, string>? ReadHeaders(ReadOnlySpan<string> lines)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines)
        {
            if (!IsField(line)) return null;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
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
