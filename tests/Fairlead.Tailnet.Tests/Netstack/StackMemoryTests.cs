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
        const int Round = 50_000_000; // bytes: 41,000 packets, and their acknowledgements
        const int Rounds = 12;
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
        var sending = SendAsync(sender, (long)Round * Rounds);
        var allocated = new List<long>();
        var buffer = new byte[64 * 1024];
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var missing = Round; missing > 0;)
            {
                missing -= await receiver.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, missing)), TestContext.Current.CancellationToken);
            }

            allocated.Add(GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        await sending;

        // As long as the window grows, buffers do; then less than a byte per packet is what the runtime itself needs now and then.
        Assert.True(allocated.Count(bytes => bytes < 40_000) >= 3, $"Allocated per round: {string.Join(", ", allocated)}");
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
}
