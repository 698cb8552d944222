using System.Net.Security;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Hosting;

/// <summary>Carries bytes between two streams, both ways, until both have ended. The end of one direction is passed on where streams can.</summary>
public static class StreamRelay
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Ends when both directions have, or either fails, or it is cancelled; never fails itself. The streams stay open.</summary>
    public static async Task RunAsync(Stream one, Stream other, CancellationToken cancellationToken)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var there = CopyAsync(one, other, broken);
        var back = CopyAsync(other, one, broken);
        await Task.WhenAll(there, back).ConfigureAwait(false);
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationTokenSource broken)
    {
        try
        {
            await from.CopyToAsync(to, BufferSize, broken.Token).ConfigureAwait(false);
            switch (to)
            {
                case TcpConnection connection:
                    connection.CloseWrite();
                    break;
                case NetworkStream network:
                    network.Socket.Shutdown(SocketShutdown.Send);
                    break;
                case SslStream secure:
                    // close_notify (RFC 8446, 6.1): the other end can tell the end from a cut.
                    await secure.ShutdownAsync().WaitAsync(broken.Token).ConfigureAwait(false);
                    break;
                case IHalfClosingStream stream:
                    await stream.CloseWriteAsync(broken.Token).ConfigureAwait(false);
                    break;
                default:
                    // No half-closing here: what still comes the other way is lost, as with any proxy over such a stream.
                    await broken.CancelAsync().ConfigureAwait(false);
                    break;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            await broken.CancelAsync().ConfigureAwait(false);
        }
    }
}
