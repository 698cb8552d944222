using System.Globalization;
using System.Text;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>One request without a body over a fresh connection, as far as relays need HTTP.</summary>
internal static class HttpExchange
{
    // A reply is a status line and half a dozen short headers.
    private const int MaxHead = 8 << 10;

    /// <param name="headers">Further headers, each with its line end.</param>
    /// <returns>The status. What follows the reply's headers is left on the stream.</returns>
    /// <exception cref="DerpFormatException">The reply is no HTTP, or there is none.</exception>
    public static async Task<int> GetAsync(Stream stream, string hostName, string path, string headers, CancellationToken ct)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: {hostName}\r\n{headers}\r\n"), ct).ConfigureAwait(false);
        await stream.FlushAsync(ct).ConfigureAwait(false);
        return ReadStatus(await ReadHeadAsync(stream, hostName, ct).ConfigureAwait(false), hostName);
    }

    /// <summary>Reads to the end of the headers and no further, byte by byte: what follows is not HTTP and belongs to another reader.</summary>
    private static async Task<byte[]> ReadHeadAsync(Stream stream, string hostName, CancellationToken ct)
    {
        var head = new MemoryStream();
        var one = new byte[1];
        while (head.Length < MaxHead)
        {
            if (await stream.ReadAsync(one, ct).ConfigureAwait(false) == 0)
                throw new DerpFormatException($"The relay {hostName} closed the connection instead of answering.");
            head.WriteByte(one[0]);
            if (one[0] == '\n' && head.GetBuffer().AsSpan(0, (int)head.Length).EndsWith("\r\n\r\n"u8))
                return head.ToArray();
        }

        throw new DerpFormatException($"The headers of the relay {hostName} are longer than {MaxHead} bytes.");
    }

    private static int ReadStatus(ReadOnlySpan<byte> head, string hostName) =>
        head.Length > 12 && head.StartsWith("HTTP/1."u8) && int.TryParse(head.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new DerpFormatException($"The relay {hostName} answers no HTTP.");
}
