using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Dialing;

/// <summary>Connects over TCP to whichever of several addresses answers first, each tried a moment after the one before (RFC 8305).</summary>
internal static class StaggeredDial
{
    // RFC 8305 section 5: the recommended Connection Attempt Delay.
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    /// <param name="addresses">In the order of the resolver; families are tried in turns.</param>
    /// <returns>A stream that owns its socket.</returns>
    /// <exception cref="SocketException">No address answers; the reason is the first one's.</exception>
    public static async Task<NetworkStream> ConnectAsync(IReadOnlyList<IPAddress> addresses, int port, TimeProvider time, CancellationToken cancellationToken)
    {
        if (addresses.Count == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var ways = Interleave(addresses)
            .Select(candidate => (Func<CancellationToken, Task<NetworkStream>>)(stop => ConnectAsync(new IPEndPoint(candidate, port), stop)))
            .ToList();
        try
        {
            return await StaggeredRace.RunAsync(ways, AttemptDelay, time, cancellationToken).ConfigureAwait(false);
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is SocketException first)
        {
            throw new SocketException(first.ErrorCode, first.Message);
        }
    }

    // RFC 8305, 4: families in turns, in the order of the resolver.
    private static IEnumerable<IPAddress> Interleave(IReadOnlyList<IPAddress> addresses)
    {
        var first = addresses.Where(a => a.AddressFamily == addresses[0].AddressFamily).ToList();
        var second = addresses.Where(a => a.AddressFamily != addresses[0].AddressFamily).ToList();
        for (var i = 0; i < Math.Max(first.Count, second.Count); i++)
        {
            if (i < first.Count) yield return first[i];
            if (i < second.Count) yield return second[i];
        }
    }

    private static async Task<NetworkStream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
