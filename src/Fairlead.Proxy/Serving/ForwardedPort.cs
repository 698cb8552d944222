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
internal sealed partial class ForwardedPort : IServedPort
{
    /// <summary>A handshake that takes longer is an attack or a dead peer.</summary>
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(15);

    private readonly TailnetNode _node;
    private readonly ServePort _port;
    private readonly PortHandler _handler;
    private readonly ClusterSockets _cluster;
    private readonly ILogger _logger;
    private readonly ServedCertificates _certificates;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    public ForwardedPort(TailnetNode node, ServePort port, PortHandler handler, ClusterSockets cluster, SharedCertificates? shared, ILogger logger)
    {
        _node = node;
        _port = port;
        _handler = handler;
        _cluster = cluster;
        _logger = logger;
        _certificates = new ServedCertificates(node, shared, logger);
        _serving = ServeAsync();
    }

    public Task Listening => _listening.Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        await Task.Yield();
        var stopping = _stopping.Token;
        try
        {
            using var listener = _port.Service.Length == 0
                ? _node.ListenTcp(_port.Port)
                : _node.ListenService(_port.Service, _port.Port);
            _listening.SetResult();
            while (true)
            {
                _ = ForwardAsync(await listener.AcceptAsync(stopping).ConfigureAwait(false), stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // The port is served no more.
        }
        catch (Exception e) when (e is SocketException or TailnetNodeException)
        {
            Log.NotServed(_logger, _port, e.Message);
        }
        finally
        {
            _listening.TrySetResult();
        }
    }

    private async Task ForwardAsync(TcpConnection connection, CancellationToken stopping)
    {
        await using (connection.ConfigureAwait(false))
        {
            try
            {
                using var tls = _handler.TerminateTls.Length > 0 ? await EndTlsAsync(connection, stopping).ConfigureAwait(false) : null;
                using var socket = await _cluster.ConnectAsync(_handler.TcpForward, stopping).ConfigureAwait(false);
                using var server = new NetworkStream(socket);
                if (_handler.ProxyProtocol > 0)
                {
                    await server.WriteAsync(ProxyHeader.Of(_handler.ProxyProtocol, connection.RemoteEndPoint, Destination(connection, socket)), stopping).ConfigureAwait(false);
                }

                if (!await StreamRelay.RunAsync((Stream?)tls ?? connection, server, stopping).ConfigureAwait(false))
                {
                    connection.Abort();
                }
            }
            catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
            {
                Log.NotForwarded(_logger, _handler.TcpForward, e.Message);
                connection.Abort();
            }
            catch (OperationCanceledException)
            {
                connection.Abort();
            }
        }
    }

    /// <summary>The device's own address with the server's port, as tailscaled has it.</summary>
    private static IPEndPoint Destination(TcpConnection connection, Socket socket) =>
        new(connection.LocalEndPoint.Address, ((IPEndPoint)socket.RemoteEndPoint!).Port);

    private async Task<SslStream> EndTlsAsync(TcpConnection connection, CancellationToken stopping)
    {
        var tls = new SslStream(connection, leaveInnerStreamOpen: true);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(HandshakeLimit);
        try
        {
            await tls.AuthenticateAsServerAsync(
                async (_, _, _, cancellationToken) => new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = await _certificates.ForAsync(_handler.TerminateTls, cancellationToken).ConfigureAwait(false),
                },
                null,
                limit.Token).ConfigureAwait(false);
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
        [LoggerMessage(1, LogLevel.Error, "{Port} is not served: {Reason}")]
        public static partial void NotServed(ILogger logger, ServePort port, string reason);

        [LoggerMessage(2, LogLevel.Warning, "A connection did not go on to {Target}: {Reason}")]
        public static partial void NotForwarded(ILogger logger, string target, string reason);
    }
}
