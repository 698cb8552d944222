using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.TailnetNodes;

/// <summary>Leads connections that come in from the tailnet to a port of this machine.</summary>
internal sealed class NodeServer(TailnetNode node, ServeOptions options)
{
    /// <summary>Connections at a time, each with two buffers of 64 KiB; more wait in the node's own bounded queue.</summary>
    private const int MaxConnections = 512;

    /// <summary>Until TLS is agreed on and the target is connected; who says nothing takes a place no longer.</summary>
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(15);

    private readonly ServedCertificate? _certificate = options.Tls ? new ServedCertificate(node) : null;

    /// <param name="listening">Told the port, when connections can come.</param>
    public async Task RunAsync(Func<int, Task> listening, CancellationToken cancellationToken)
    {
        // A certificate that is not to be had should end the command, not every connection.
        if (_certificate is not null)
        {
            await _certificate.GetAsync(cancellationToken).ConfigureAwait(false);
        }

        using var listener = await node.ListenAsync(options.At, cancellationToken).ConfigureAwait(false);
        await listening(listener.Port).ConfigureAwait(false);

        // Not disposed: connections give their places back after the last one was accepted.
        var places = new SemaphoreSlim(MaxConnections);
        while (true)
        {
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            var connection = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            _ = HandleAsync(connection, places, cancellationToken);
        }
    }

    private async Task HandleAsync(Stream connection, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                using var socket = new Socket(options.Target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                Stream incoming;
                using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
                {
                    limit.CancelAfter(OpeningLimit);
                    incoming = await SecureAsync(connection, limit.Token).ConfigureAwait(false);
                    await socket.ConnectAsync(options.Target, limit.Token).ConfigureAwait(false);
                }

                await using (incoming.ConfigureAwait(false))
                {
                    var target = new NetworkStream(socket);
                    await using (target.ConfigureAwait(false))
                    {
                        await StreamRelay.RunAsync(incoming, target, cancellationToken).ConfigureAwait(false);
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or AuthenticationException or AcmeException or NodeStateException or TailnetNodeException)
        {
            // One connection's trouble; its two ends have noticed, and the node logs what becomes of its certificates.
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<Stream> SecureAsync(Stream connection, CancellationToken cancellationToken)
    {
        if (_certificate is null)
        {
            return connection;
        }

        var secure = new SslStream(connection);
        try
        {
            var certificate = await _certificate.GetAsync(cancellationToken).ConfigureAwait(false);
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
