using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Relaying;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>Carries connections from the cluster on over the tailnet.</summary>
internal sealed partial class EgressConnections(TailnetNode node, Func<ImmutableArray<IPEndPoint>> targets, TimeProvider time, ILogger logger)
{
    /// <summary>At a time on one port; more wait in the system's queue. Each takes a descriptor and buffers.</summary>
    private const int MaxConnections = 4096;

    private static readonly TimeSpan AcceptRetry = TimeSpan.FromMilliseconds(100);

    /// <param name="stopping">Ends accepting, and so this.</param>
    /// <param name="ending">Ends what was accepted.</param>
    public async Task ServeAsync(Socket listener, CancellationToken stopping, CancellationToken ending)
    {
        var room = Channel.CreateBounded<bool>(MaxConnections);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await room.Writer.WriteAsync(true, stopping).ConfigureAwait(false);
                _ = CarryAsync(await listener.AcceptAsync(stopping).ConfigureAwait(false), room.Reader, ending);
            }
            catch (SocketException e) when (!stopping.IsCancellationRequested)
            {
                // Too many open files, or a client that was gone before it was accepted: the next may fare better.
                room.Reader.TryRead(out _);
                Log.NotAccepted(logger, e.Message);
                await Task.Delay(AcceptRetry, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(Socket client, ChannelReader<bool> room, CancellationToken ending)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                SystemKeepAlive.Use(TcpConnectionOptions.KeptAlive, client);
                var tailnet = await DialAsync(ending).ConfigureAwait(false);
                if (tailnet is null)
                {
                    // A reset says that nobody is there, which an orderly end would not.
                    client.LingerState = new LingerOption(true, 0);
                    return;
                }

                await using (tailnet.ConfigureAwait(false))
                {
                    using var stream = new NetworkStream(client);
                    await StreamRelay.RunAsync(stream, tailnet, new StreamRelayOptions { Time = time }, ending).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone.
        }
        finally
        {
            room.TryRead(out _);
        }
    }

    private async Task<Stream?> DialAsync(CancellationToken ending)
    {
        foreach (var target in targets())
        {
            try
            {
                return await node.DialAsync(target.Address.ToString(), target.Port, ending).ConfigureAwait(false);
            }
            catch (Exception e) when (e is TailnetNodeException or IOException or SocketException)
            {
                Log.NotReached(logger, target, e.Message);
            }
        }

        return null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Target} was not reached over the tailnet: {Reason}")]
        public static partial void NotReached(ILogger logger, IPEndPoint target, string reason);

        [LoggerMessage(2, LogLevel.Warning, "A connection from the cluster was not accepted: {Reason}")]
        public static partial void NotAccepted(ILogger logger, string reason);
    }
}
