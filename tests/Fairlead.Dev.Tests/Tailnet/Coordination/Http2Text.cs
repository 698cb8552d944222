using System.Buffers.Binary;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>One HTTP/2 request by hand (RFC 9113): <c>GET https://x/</c>.</summary>
internal static class Http2Text
{
    private const int FrameHeaderSize = 9;
    private const byte Headers = 1;

    // Static table of RFC 7541: status codes that the server indexes, and those it writes out.
    private static readonly Dictionary<byte, string> IndexedStatus = new() { [0x88] = "200", [0x8c] = "400", [0x8d] = "404", [0x8e] = "500" };

    /// <returns>The status of the answer.</returns>
    public static async Task<string> AskAsync(Stream stream, CancellationToken ct)
    {
        byte[] settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        // :method GET, :scheme https and :path / from the static table, :authority "x" as a literal without indexing.
        byte[] headers = [0x82, 0x87, 0x84, 0x01, 1, (byte)'x'];
        await stream.WriteAsync((byte[])
            [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. settings, 0, 0, (byte)headers.Length, Headers, 5, 0, 0, 0, 1, .. headers], ct);
        await stream.FlushAsync(ct);
        var header = new byte[FrameHeaderSize];
        while (true)
        {
            await stream.ReadExactlyAsync(header, ct);
            var payload = new byte[BinaryPrimitives.ReadInt32BigEndian([0, header[0], header[1], header[2]])];
            await stream.ReadExactlyAsync(payload, ct);
            Assert.NotEqual(7, header[3]);
            if (header[3] == Headers) return IndexedStatus.GetValueOrDefault(payload[0], $"{payload[0]:x}");
        }
    }
}
