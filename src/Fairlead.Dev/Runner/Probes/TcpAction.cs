using System.Net.Sockets;

namespace Fairlead.Dev.Runner.Probes;

/// <summary>Connects, and hangs up.</summary>
internal sealed class TcpAction(string host, int port) : IContainerAction
{
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (SocketException e)
        {
            return $"dial tcp {host}:{port}: {e.Message}";
        }
    }
}
