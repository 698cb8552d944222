using System.Net.Security;
using System.Net.Sockets;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.TailnetNodes;

/// <summary>Leads connections that come in from the tailnet to a port of this machine.</summary>
internal static class NodeServer
{
    /// <param name="listening">Called when connections can come.</param>
    public static async Task RunAsync(TailnetNode node, ServeOptions options, Func<Task> listening, CancellationToken cancellationToken)
    {
        // A certificate that is not to be had should end the command, not every connection.
        var certificate = options.Tls ? (await node.GetCertificateAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).ToTlsContext() : null;
        using var listener = await node.ListenAsync(options.At, cancellationToken).ConfigureAwait(false);
        await listening().ConfigureAwait(false);
        while (true)
        {
            var connection = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            _ = HandleAsync(connection, options, certificate, cancellationToken);
        }
    }

    private static async Task HandleAsync(Stream connection, ServeOptions options, SslStreamCertificateContext? certificate, CancellationToken cancellationToken)
    {
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                var incoming = connection;
                if (certificate is not null)
                {
                    var secure = new SslStream(connection);
                    await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = certificate }, cancellationToken).ConfigureAwait(false);
                    incoming = secure;
                }

                using var socket = new Socket(options.Target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(options.Target, cancellationToken).ConfigureAwait(false);
                var target = new NetworkStream(socket);
                await using (target.ConfigureAwait(false))
                {
                    await StreamRelay.RunAsync(incoming, target, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            // One connection's trouble; its two ends have noticed.
        }
    }
}
