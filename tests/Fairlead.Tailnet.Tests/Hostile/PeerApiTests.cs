using System.Net;
using System.Text;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Nodes;

namespace Fairlead.Tailnet.Tests.Hostile;

public sealed class PeerApiTests : NodeTest
{
    // More than there are places for all peers together.
    private const int Greed = 100;

    [Fact]
    public async Task A_peer_that_holds_all_the_connections_it_gets_keeps_no_other_away()
    {
        var victim = await JoinAsync("victim");
        var greedy = await JoinAsync("greedy");
        var polite = await JoinAsync("polite");
        var address = victim.Status.Addresses[0];
        await Wait.UntilAsync("both know the port", () => PortOf(greedy) > 0 && PortOf(polite) > 0);
        var held = await Task.WhenAll(Enumerable.Range(0, Greed).Select(_ => HoldAsync(greedy, address)));

        await using var connection = await polite.DialAsync(address.ToString(), PortOf(polite), Stop);
        await connection.WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Stop);
        using var reader = new StreamReader(connection, Encoding.ASCII);

        // Held connections are given up after ten seconds; the answer must not take as long.
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(5), Stop));
        Assert.Contains(null, held);
        Assert.Contains(held, stream => stream is not null);
        foreach (var stream in held.OfType<Stream>())
        {
            await stream.DisposeAsync();
        }
    }

    private static int PortOf(TailnetNode node) => node.NetworkMap!.FindNode("victim")?.Hostinfo?.Services.FirstOrDefault(service => service.Proto == "peerapi4")?.Port ?? 0;

    /// <returns>Null if it was turned away.</returns>
    private static async Task<Stream?> HoldAsync(TailnetNode node, IPAddress address)
    {
        Stream? stream = null;
        try
        {
            stream = await node.DialAsync(address.ToString(), PortOf(node), Stop);
            await stream.WriteAsync("GET / HT"u8.ToArray(), Stop);
            using var moment = CancellationTokenSource.CreateLinkedTokenSource(Stop);
            moment.CancelAfter(TimeSpan.FromMilliseconds(500));
            _ = await stream.ReadAsync(new byte[1], moment.Token);
        }
        catch (OperationCanceledException) when (!Stop.IsCancellationRequested)
        {
            return stream;
        }
        catch (IOException)
        {
            if (stream is not null)
            {
                await stream.DisposeAsync();
            }
        }

        return null;
    }
}
