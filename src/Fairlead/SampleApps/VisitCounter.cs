using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Targets;

namespace Fairlead.SampleApps;

/// <summary>Counts visits in a database of the cluster's network.</summary>
internal sealed class VisitCounter(DnsEndPoint database, INameResolver resolver, LowPorts lowPorts)
{
    /// <summary>A visitor waits no longer for a database that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>The number of visits, and the address at which the database was reached.</returns>
    /// <exception cref="IOException">The database was not reached, or refuses.</exception>
    public async Task<(string Visits, IPEndPoint Address)> CountAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var addresses = await resolver.ResolveAsync(database.Host, limit.Token).ConfigureAwait(false);
            if (addresses.IsEmpty)
            {
                throw new IOException($"DNS has no addresses for {database.Host}.");
            }

            var address = new IPEndPoint(addresses[0], lowPorts.Locate(database.Port));
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(address, limit.Token).ConfigureAwait(false);
            using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n"), limit.Token).ConfigureAwait(false);
            using var answers = new RespReader(stream);
            return (await answers.ReadAnswerAsync(limit.Token).ConfigureAwait(false), address);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"{database.Host} did not answer within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception e) when (e is SocketException or FormatException)
        {
            throw new IOException($"{database.Host}: {e.Message}", e);
        }
    }
}
