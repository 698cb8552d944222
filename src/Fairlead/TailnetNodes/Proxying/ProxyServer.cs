using System.Net;
using System.Net.Sockets;
using Fairlead.CommandLine;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.TailnetNodes.Proxying;

/// <summary>A proxy into the tailnet on one port of this machine: SOCKS5 for clients that begin so, HTTP for all others.</summary>
internal sealed class ProxyServer(IPEndPoint listen, Func<string, int, CancellationToken, Task<Stream>> dialAsync)
{
    /// <summary>How long a client may take to say where it wants to go.</summary>
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(30);

    /// <summary>While files are short, until some client has left.</summary>
    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    /// <summary>Clients at a time, each with two buffers of 64 KiB while bytes flow; more wait in the system's bounded queue.</summary>
    public int MaxClients { get; init; } = 512;

    /// <param name="listening">Told where, once clients can come.</param>
    public async Task RunAsync(Func<EndPoint, Task> listening, CancellationToken cancellationToken)
    {
        using var listener = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(listen);
            listener.Listen();
        }
        catch (SocketException e)
        {
            throw new UserErrorException(ExitCodes.Unavailable, $"{listen} cannot be listened on: {e.Message}; choose another with --listen", e);
        }

        await listening(listener.LocalEndPoint!).ConfigureAwait(false);

        // Not disposed: clients give their places back after the last one was accepted.
        var places = new SemaphoreSlim(MaxClients);
        while (true)
        {
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            var client = await AcceptAsync(listener, cancellationToken).ConfigureAwait(false);
            _ = HandleAsync(new NetworkStream(client, ownsSocket: true), places, cancellationToken);
        }
    }

    /// <summary>A client that gave up, or too many open files, must not end the proxy for all others.</summary>
    private static async Task<Socket> AcceptAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var client = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                client.NoDelay = true;
                return client;
            }
            catch (SocketException)
            {
                await Task.Delay(AcceptRetry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task HandleAsync(NetworkStream client, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        try
        {
            await using (client.ConfigureAwait(false))
            {
                IProxyRequest request;
                using (var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
                {
                    limit.CancelAfter(RequestLimit);
                    var first = new byte[1];
                    await client.ReadExactlyAsync(first, limit.Token).ConfigureAwait(false);
                    request = first[0] == Socks5Request.Version
                        ? await Socks5Request.ReadAsync(client, limit.Token).ConfigureAwait(false)
                        : await HttpProxyRequest.ReadAsync(client, first[0], limit.Token).ConfigureAwait(false);
                }

                Stream target;
                try
                {
                    target = await dialAsync(request.Host, request.Port, cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    await request.RefuseAsync(client, e.Message, cancellationToken).ConfigureAwait(false);
                    return;
                }

                await using (target.ConfigureAwait(false))
                {
                    await request.AcceptAsync(client, target, cancellationToken).ConfigureAwait(false);
                    await StreamRelay.RunAsync(client, target, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ProxyRefusedException)
        {
            // One client's trouble, which it has noticed.
        }
        finally
        {
            places.Release();
        }
    }
}
