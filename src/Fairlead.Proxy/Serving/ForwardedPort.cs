using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Relaying;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>A port whose bytes go on to a server as they come, or, where TLS ends here, as they were meant.</summary>
internal sealed partial class ForwardedPort(
    TailnetNode node, ServePort port, PortHandler handler, ServedConnections connections, ClusterSockets cluster, SharedCertificates? shared, TimeSpan handshakeLimit, TimeProvider time, ILogger logger)
    : IPortServer
{
    private readonly ServedCertificates _certificates = new(node, shared, logger);

    public async Task RunAsync(Action listening, CancellationToken stopping)
    {
        using var listener = port.Service.Length == 0 ? node.ListenTcp(port.Port) : node.ListenService(port.Service, port.Port);
        listening();
        while (true)
        {
            var connection = await listener.AcceptAsync(stopping).ConfigureAwait(false);
            if (connections.TryEnter(node, connection.RemoteEndPoint.Address) is { } place)
            {
                _ = ForwardAsync(connection, place, stopping);
            }
            else
            {
                connection.Abort();
            }
        }
    }

    private async Task ForwardAsync(TcpConnection connection, IDisposable place, CancellationToken stopping)
    {
        using (place)
        {
            await using (connection.ConfigureAwait(false))
            {
                try
                {
                    await ForwardAsync(connection, stopping).ConfigureAwait(false);
                }
                catch (Exception e) when (e is SocketException or IOException or AuthenticationException or ObjectDisposedException)
                {
                    Log.NotForwarded(logger, handler.TcpForward, e.Message);
                    connection.Abort();
                }
                catch (OperationCanceledException)
                {
                    connection.Abort();
                }
            }
        }
    }

    private async Task ForwardAsync(TcpConnection connection, CancellationToken stopping)
    {
        using var tls = handler.TerminateTls.Length > 0 ? await EndTlsAsync(connection, stopping).ConfigureAwait(false) : null;
        using var socket = await cluster.ConnectAsync(handler.TcpForward, stopping).ConfigureAwait(false);
        using var server = new NetworkStream(socket);
        if (handler.ProxyProtocol > 0)
        {
            await server.WriteAsync(ProxyHeader.Of(handler.ProxyProtocol, connection.RemoteEndPoint, Destination(connection, socket)), stopping).ConfigureAwait(false);
        }

        var options = new StreamRelayOptions { BufferSize = connections.BufferSize, Time = time };
        if (!await StreamRelay.RunAsync((Stream?)tls ?? connection, server, options, stopping).ConfigureAwait(false))
        {
            connection.Abort();
        }
    }

    /// <summary>The device's own address with the server's port, as tailscaled has it; a Unix socket has none, and the device's own stands for it.</summary>
    private static IPEndPoint Destination(TcpConnection connection, Socket socket) =>
        new(connection.LocalEndPoint.Address, socket.RemoteEndPoint is IPEndPoint server ? server.Port : connection.LocalEndPoint.Port);

    private async Task<SslStream> EndTlsAsync(TcpConnection connection, CancellationToken stopping)
    {
        var tls = new SslStream(connection, leaveInnerStreamOpen: true);
        using var limit = new CancellationTokenSource(handshakeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, limit.Token);
        try
        {
            await tls.AuthenticateAsServerAsync(
                async (_, _, _, cancellationToken) => new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = await _certificates.ForAsync(handler.TerminateTls, cancellationToken).ConfigureAwait(false),
                },
                null,
                either.Token).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A connection did not go on to {Target}: {Reason}")]
        public static partial void NotForwarded(ILogger logger, string target, string reason);
    }
}
