using System.Globalization;
using System.Text;

namespace Fairlead.Dev.Tailnet.Coordination.NodeCalls;

/// <summary>An HTTP/1.1 response as one piece of text (RFC 9112), as nodes send their answers to calls.</summary>
internal static class HttpAnswerText
{
    /// <exception cref="FormatException">It is no such response.</exception>
    public static NodeReply Parse(ReadOnlyMemory<byte> message)
    {
        var end = message.Span.IndexOf("\r\n\r\n"u8);
        if (end < 0) throw new FormatException("The answer has no end of its headers.");
        var lines = Encoding.Latin1.GetString(message.Span[..end]).Split("\r\n");
        var status = lines[0].Split(' ', 3);
        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(status[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            throw new FormatException("The answer does not begin with an HTTP/1 status line.");
        }
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) headers[line[..colon]] = line[(colon + 1)..].Trim();
        }
        var body = message[(end + 4)..];
        return new NodeReply(code, headers, Body(headers, body));
    }

    private static ReadOnlyMemory<byte> Body(Dictionary<string, string> headers, ReadOnlyMemory<byte> rest)
    {
        if (headers.GetValueOrDefault("Transfer-Encoding")?.EndsWith("chunked", StringComparison.OrdinalIgnoreCase) == true) return Unchunked(rest);
        if (!headers.TryGetValue("Content-Length", out var text)) return rest;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length <= rest.Length
            ? rest[..length]
            : throw new FormatException($"The answer's body is shorter than its Content-Length of {text}.");
    }

    private static byte[] Unchunked(ReadOnlyMemory<byte> rest)
    {
        var body = new List<byte>();
        while (true)
        {
            var line = rest.Span.IndexOf("\r\n"u8);
            var digits = line < 0 ? "" : Encoding.Latin1.GetString(rest.Span[..line]).Split(';')[0];
            if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
                || size < 0 || size > rest.Length - line - 4)
            {
                throw new FormatException("The answer's body is not validly chunked.");
            }
            if (size == 0) return [.. body];
            body.AddRange(rest.Span.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }
}
