using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Takes the connections to one port, whatever becomes of some of them.</summary>
internal static class AcceptLoop
{
    // Where no descriptors are left, each attempt fails at once until some connection ends.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Ends when it is cancelled, or the socket is closed.</summary>
    /// <param name="accept">Takes the next connection.</param>
    /// <param name="serve">Takes it over.</param>
    public static async Task RunAsync(
        Func<CancellationToken, ValueTask<Socket>> accept, Action<Socket> serve, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    serve(await accept(cancellationToken).ConfigureAwait(false));
                }
                catch (SocketException) when (!cancellationToken.IsCancellationRequested)
                {
                    // Too many open files, or a client that gave up while it waited.
                    await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // Nobody is to be served any more.
        }
    }
}
