using System.Buffers;
using System.Text;
using Fairlead.Tailnet.Protocol.Derp;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>
/// Looks at the first request of a connection before HTTP does: one that asks for a fast start gets DERP at once and no HTTP reply,
/// which an HTTP server cannot do. Every other request goes on untouched.
/// </summary>
internal sealed class RelayFastStart(RelaySession sessions, RelayFaults faults, CancellationToken stopping)
{
    // Clients send a handful of short headers; a request whose headers are longer than this goes to HTTP.
    private const int MaxHeaders = 4096;

    private static ReadOnlySpan<byte> HeadersEnd => "\r\n\r\n"u8;

    public async Task HandleAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(connection.ConnectionClosed);
            var buffer = read.Buffer;
            var end = FindHeadersEnd(buffer);
            if (end is { } position && !faults.RefuseConnections && IsFastStart(Encoding.ASCII.GetString(buffer.Slice(0, position))))
            {
                input.AdvanceTo(position);
                using var ending = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, stopping);
                await sessions.RunAsync(input.AsStream(), connection.Transport.Output, ending.Token);
                return;
            }

            if (end is not null || read.IsCompleted || buffer.Length > MaxHeaders || !MayBeUpgrade(buffer))
            {
                input.AdvanceTo(buffer.Start);
                await next(connection);
                return;
            }

            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static SequencePosition? FindHeadersEnd(ReadOnlySequence<byte> buffer)
    {
        var reader = new SequenceReader<byte>(buffer);
        return reader.TryReadTo(out ReadOnlySequence<byte> _, HeadersEnd) ? reader.Position : null;
    }

    /// <summary>Whether what has come so far is, or may become, a request for the upgrade.</summary>
    private static bool MayBeUpgrade(ReadOnlySequence<byte> buffer)
    {
        var request = "GET /derp "u8;
        Span<byte> start = stackalloc byte[request.Length];
        var length = (int)Math.Min(buffer.Length, request.Length);
        buffer.Slice(0, length).CopyTo(start);
        return start[..length].SequenceEqual(request[..length]);
    }

    private static bool IsFastStart(string head)
    {
        var lines = head.Split("\r\n");
        return lines[0].StartsWith($"GET {DerpProtocol.Path} ", StringComparison.Ordinal)
            && HasHeader(lines, "Upgrade", DerpProtocol.UpgradeToken)
            && HasHeader(lines, DerpProtocol.FastStartHeader, "1");
    }

    private static bool HasHeader(string[] lines, string name, string value) =>
        lines.Skip(1).Any(line => line.IndexOf(':', StringComparison.Ordinal) is var colon and > 0
            && line.AsSpan(0, colon).Equals(name, StringComparison.OrdinalIgnoreCase)
            && line.AsSpan(colon + 1).Trim().Equals(value, StringComparison.OrdinalIgnoreCase));
}
