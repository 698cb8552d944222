using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Nodes;

namespace Fairlead.Tailnet.Tests.Hostile;

[CollectionDefinition(nameof(FloodMemoryTests), DisableParallelization = true)]
[Collection(nameof(FloodMemoryTests))]
public sealed class FloodMemoryTests : NodeTest
{
    /// <summary>Of two nodes, a relay and a coordination server together; tables of flows and pools of buffers take some of it.</summary>
    private const long MaxGrowth = 16 << 20;

    private const int Datagrams = 20_000;
    private const int Ports = 5_000;
    private const int Connections = 1_000;

    [Fact]
    public async Task Floods_from_outside_and_from_a_peer_leave_a_node_no_larger()
    {
        var victim = await JoinAsync("victim", options => options with { AdvertiseRoutes = [IPNetwork.Parse("192.0.2.0/24")] });
        var peer = await JoinAsync("peer");
        await peer.PingAsync("victim", PingKind.Icmp, TimeSpan.FromSeconds(20), Stop);
        await Wait.UntilAsync("the victim's address is known", () => peer.NetworkMap!.FindNode("victim")!.Endpoints.Count > 0);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        SendFromOutside(peer.NetworkMap!.FindNode("victim")!.Endpoints.First(endpoint => endpoint.AddressFamily == AddressFamily.InterNetwork));
        SendToPorts(peer, victim.Status.Addresses[0]);
        await BeginAndForgetAsync(peer, victim.Status.Addresses[0]);

        await peer.PingAsync("victim", PingKind.Icmp, TimeSpan.FromSeconds(20), Stop);
        using var listener = victim.ListenTcp(80);
        await using var client = await peer.DialAsync("victim", 80, Stop);
        var growth = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{growth / 1024} KiB more than before");
        Assert.True(growth < MaxGrowth, $"{growth >> 20} MiB more than before");
        GC.KeepAlive(victim);
    }

    /// <summary>Nonsense, handshakes and data of nobody, and frames of all sizes up to the largest.</summary>
    private static void SendFromOutside(IPEndPoint victim)
    {
        var random = new Random(1);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var bytes = new byte[65_507];
        random.NextBytes(bytes);
        int[] sizes = [1, 32, 64, 92, 148, 1312, 9000, bytes.Length];
        for (var i = 0; i < Datagrams; i++)
        {
            // The types of WireGuard's messages are 1 to 4, in four bytes of little-endian order.
            (bytes[0], bytes[1], bytes[2], bytes[3]) = ((byte)(i % 6), 0, 0, 0);
            random.NextBytes(bytes.AsSpan(4, 60));
            socket.SendTo(bytes.AsSpan(0, sizes[i % sizes.Length]), victim);
        }
    }

    private static void SendToPorts(TailnetNode peer, IPAddress victim)
    {
        using var socket = peer.ListenUdp(0);
        for (var port = 1; port <= Ports; port++)
        {
            socket.SendTo("x"u8, new IPEndPoint(victim, port));
        }
    }

    private static async Task BeginAndForgetAsync(TailnetNode peer, IPAddress victim)
    {
        using var forgotten = new CancellationTokenSource();
        var dialing = Enumerable.Range(0, Connections).Select(i => peer.DialAsync(victim.ToString(), 1000 + i, forgotten.Token)).ToArray();
        await forgotten.CancelAsync();
        await ((Task)Task.WhenAll(dialing)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
