using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Tailnet.Nodes.Engine.Forwarding;

/// <summary>A connection of a peer, carried on to another host.</summary>
internal static class ForwardedConnection
{
    /// <summary>Ends when both sides are done, or either fails; never fails itself.</summary>
    public static async Task RunAsync(TcpConnection inside, FlowRoute route, StreamRelayOptions options, CancellationToken stop)
    {
        try
        {
            using var socket = route.NewSocket(SocketType.Stream, ProtocolType.Tcp);
            socket.NoDelay = true;
            SystemKeepAlive.Use(TcpConnectionOptions.KeptAlive, socket);
            await socket.ConnectAsync(route.Destination, stop).ConfigureAwait(false);
            using var outside = new NetworkStream(socket);
            await StreamRelay.RunAsync(inside, outside, options, stop).ConfigureAwait(false);
            await inside.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The other end learns it as it would from the host itself.
            inside.Abort();
        }
    }
}
