using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Derp;

/// <summary>Connects to whichever of several addresses answers first, each tried a moment after the one before (RFC 8305).</summary>
internal static class StaggeredDial
{
    // RFC 8305 section 5: the recommended delay between attempts.
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <exception cref="SocketException">No address answers; the reason is the last one's.</exception>
    public static async Task<Socket> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, TimeProvider time, CancellationToken ct)
    {
        if (addresses.Count == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        using var losers = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var attempts = new List<Task<Socket>>();
        Exception? failure = null;
        var next = 0;
        while (next < addresses.Count || attempts.Count > 0)
        {
            if (next < addresses.Count)
                attempts.Add(ConnectOneAsync(new IPEndPoint(addresses[next++], port), losers.Token));
            var any = Task.WhenAny(attempts);
            if (next < addresses.Count)
                await Task.WhenAny(any, Task.Delay(AttemptDelay, time, losers.Token)).ConfigureAwait(false);
            else
                await any.ConfigureAwait(false);
            foreach (var ended in attempts.FindAll(attempt => attempt.IsCompleted))
            {
                attempts.Remove(ended);
                if (ended.IsCompletedSuccessfully)
                {
                    await losers.CancelAsync().ConfigureAwait(false);
                    foreach (var loser in attempts)
                        _ = loser.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
                    return await ended.ConfigureAwait(false);
                }

                failure = ended.Exception?.InnerException ?? failure;
            }

            ct.ThrowIfCancellationRequested();
        }

        throw failure ?? new SocketException((int)SocketError.HostUnreachable);
    }

    private static async Task<Socket> ConnectOneAsync(IPEndPoint endPoint, CancellationToken ct)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, ct).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
