using System.Globalization;
using System.Text;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>Turns an HTTP connection into a DERP one.</summary>
internal static class DerpUpgrade
{
    // A reply is a status line and half a dozen short headers.
    private const int MaxReply = 8 << 10;

    /// <exception cref="DerpFormatException">The server does not upgrade; the message tells what it replied.</exception>
    public static async Task RequestAsync(Stream stream, string hostName, CancellationToken ct)
    {
        var request = $"GET {DerpProtocol.Path} HTTP/1.1\r\nHost: {hostName}\r\nUpgrade: {DerpProtocol.UpgradeToken}\r\nConnection: Upgrade\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), ct).ConfigureAwait(false);
        await stream.FlushAsync(ct).ConfigureAwait(false);
        var status = ReadStatus(await ReadHeadAsync(stream, ct).ConfigureAwait(false));
        if (status != 101)
            throw new DerpFormatException($"The relay {hostName} answered the upgrade to DERP with status {status.ToString(CultureInfo.InvariantCulture)} instead of 101.");
    }

    /// <summary>Reads to the end of the headers and no further, byte by byte: what follows is DERP and belongs to its reader.</summary>
    private static async Task<byte[]> ReadHeadAsync(Stream stream, CancellationToken ct)
    {
        var head = new MemoryStream();
        var one = new byte[1];
        while (head.Length < MaxReply)
        {
            if (await stream.ReadAsync(one, ct).ConfigureAwait(false) == 0)
                throw new DerpFormatException("The relay closed the connection instead of answering the upgrade to DERP.");
            head.WriteByte(one[0]);
            if (one[0] == '\n' && head.GetBuffer().AsSpan(0, (int)head.Length).EndsWith("\r\n\r\n"u8))
                return head.ToArray();
        }

        throw new DerpFormatException($"The relay's answer to the upgrade to DERP is longer than {MaxReply} bytes.");
    }

    private static int ReadStatus(ReadOnlySpan<byte> head) =>
        head.Length > 12 && head.StartsWith("HTTP/1."u8) && int.TryParse(head.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new DerpFormatException("The relay's answer to the upgrade to DERP is no HTTP.");
}
