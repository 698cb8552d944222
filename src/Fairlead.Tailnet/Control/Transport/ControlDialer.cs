using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>The system's resolver and sockets. Of several addresses the first that answers is taken, so that one family may be broken.</summary>
public sealed class ControlDialer : IControlDialer
{
    // RFC 8305, 5: the recommended Connection Attempt Delay.
    private static readonly TimeSpan AttemptDelay = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _time;

    public ControlDialer(TimeProvider time) => _time = time;

    public static ControlDialer Instance { get; } = new(TimeProvider.System);

    public async ValueTask<Stream> ConnectAsync(string host, int port, IPAddress? address, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = address is not null ? [address] : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        if (addresses.Length == 0)
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        var ways = Interleave(addresses)
            .Select(candidate => (Func<CancellationToken, Task<NetworkStream>>)(stop => ConnectAsync(new IPEndPoint(candidate, port), stop)))
            .ToList();
        try
        {
            return await StaggeredRace.RunAsync(ways, AttemptDelay, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (AggregateException e) when (e.InnerExceptions[0] is SocketException first)
        {
            throw new SocketException(first.ErrorCode, first.Message);
        }
    }

    // RFC 8305, 4: families in turns, in the order of the resolver.
    private static IEnumerable<IPAddress> Interleave(IPAddress[] addresses)
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
