using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

[CollectionDefinition(nameof(StackMemoryTests), DisableParallelization = true)]
[Collection(nameof(StackMemoryTests))]
public sealed class StackMemoryTests
{
    [Fact]
    public async Task A_stream_in_full_flow_allocates_nothing_per_packet()
    {
        const int Mtu = 1280;
        const long Warm = 100_000_000;
        const long Measured = 100_000_000;
        var there = new InMemoryLink(Mtu);
        var back = new InMemoryLink(Mtu);
        using var client = new NetworkStack(there);
        using var server = new NetworkStack(back);
        there.Receiver = server;
        back.Receiver = client;
        client.AddAddress(IPAddress.Parse("100.64.0.1"));
        server.AddAddress(IPAddress.Parse("100.64.0.2"));
        using var listener = server.ListenTcp(new IPEndPoint(IPAddress.Any, 80));
        await using var sender = await client.ConnectTcpAsync(SimulatedWorld.At("100.64.0.2", 80), cancellationToken: TestContext.Current.CancellationToken);
        await using var receiver = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        var sending = SendAsync(sender, Warm + Measured);
        await ReceiveAsync(receiver, Warm);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        await ReceiveAsync(receiver, Measured);
        var allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        await sending;

        // 82,000 packets of data and their acknowledgements. What is left are rare events: a buffer that grows, a pool that was empty.
        Assert.True(allocated < 800_000, $"{allocated} bytes were allocated.");
    }

    [Fact]
    public void An_idle_connection_costs_little_and_an_idle_stack_arms_no_timer()
    {
        const int Connections = 2000;
        var world = new SimulatedWorld();
        var pair = world.Pair();
        var kept = new List<TcpConnection>();
        world.Run(async () =>
        {
            await Open(10);
            await world.Delay(TimeSpan.FromSeconds(60));
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await Open(Connections);
            await world.Delay(TimeSpan.FromSeconds(60));
            var cost = (GC.GetTotalMemory(forceFullCollection: true) - before) / (2 * Connections);
            TestContext.Current.TestOutputHelper?.WriteLine($"{cost} bytes for each end of a connection");
            Assert.InRange(cost, 100, 2048);
        });
        Assert.Equal(0, world.Time.ArmedTimers);
        Assert.Equal(0, pair.Client.Tcp.Budget.Used);
        GC.KeepAlive(kept);

        async Task Open(int count)
        {
            using var listener = pair.Server.ListenTcp(SimulatedPair.ServerEndPoint);
            for (var i = 0; i < count; i++)
            {
                var accepting = listener.AcceptAsync();
                var client = await pair.Client.ConnectTcpAsync(SimulatedPair.ServerEndPoint);
                var server = await accepting;
                // In use once, as an idle connection has been: each has buffers that it must give back, and waits for more.
                await client.WriteAsync(new byte[1000]);
                await server.ReadAsync(new byte[2000]);
                kept.Add(client);
                kept.Add(server);
            }
        }
    }

    private static async Task SendAsync(TcpConnection connection, long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            var count = (int)Math.Min(buffer.Length, bytes);
            await connection.WriteAsync(buffer.AsMemory(0, count));
            bytes -= count;
        }
    }

    private static async Task ReceiveAsync(TcpConnection connection, long bytes)
    {
        var buffer = new byte[64 * 1024];
        while (bytes > 0)
        {
            bytes -= await connection.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, bytes)));
        }
    }
}
