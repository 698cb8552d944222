using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Pings;

namespace Fairlead.Tailnet.Nodes.PeerApi;

/// <summary>Asks a peer's HTTP server on the tailnet whether it is there: the way through tunnel, filter and network stack, and back.</summary>
internal static class PeerApiPing
{
    private const int MaxStatusLine = 1024;

    /// <param name="dial">Connects to a host of the tailnet.</param>
    /// <exception cref="IOException">The peer has no such server, or something else answered.</exception>
    public static async Task<PingResponse> RunAsync(
        NetworkMap map, IPAddress address, Func<string, int, CancellationToken, Task<Stream>> dial, TimeProvider time, CancellationToken cancellationToken)
    {
        var kind = address.AddressFamily == AddressFamily.InterNetwork ? "peerapi4" : "peerapi6";
        var peer = map.FindNode(address);
        if (peer?.Hostinfo?.Services.FirstOrDefault(service => service.Proto == kind)?.Port is not { } port)
        {
            throw new IOException($"{address} is no node that tells of a {kind} service.");
        }

        var started = time.GetTimestamp();
        var connection = await dial(address.ToString(), port, cancellationToken).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            var request = string.Create(CultureInfo.InvariantCulture, $"HEAD / HTTP/1.1\r\nHost: {new IPEndPoint(address, port)}\r\nConnection: close\r\n\r\n");
            await connection.WriteAsync(Encoding.ASCII.GetBytes(request), cancellationToken).ConfigureAwait(false);
            await connection.FlushAsync(cancellationToken).ConfigureAwait(false);
            await ExpectHttpAsync(connection, address, cancellationToken).ConfigureAwait(false);
        }

        return new PingResponse
        {
            NodeIP = address.ToString(),
            NodeName = peer.Name.TrimEnd('.'),
            LatencySeconds = time.GetElapsedTime(started).TotalSeconds,
            PeerAPIPort = port,
        };
    }

    // Any status will do: what counts is that the peer's server answered.
    private static async Task ExpectHttpAsync(Stream connection, IPAddress address, CancellationToken cancellationToken)
    {
        var line = new byte[MaxStatusLine];
        var length = await connection.ReadAtLeastAsync(line, "HTTP/1.".Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (!line.AsSpan(0, length).StartsWith("HTTP/1."u8)) throw new IOException($"What listens at the peer API's port of {address} answers no HTTP.");
    }
}
