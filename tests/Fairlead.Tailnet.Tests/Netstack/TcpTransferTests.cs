using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class TcpTransferTests
{
    private static readonly TcpConnectionOptions Patient = new() { UserTimeout = Timeout.InfiniteTimeSpan };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_sent_arrives(bool version6)
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync(version6: version6);
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 3_000_000, seed: 1);
            await SimulatedPair.TransferAsync(server, server.CloseWrite, client, 3_000_000, seed: 2);
            await client.DisposeAsync();
            await server.DisposeAsync();
        });
        Assert.True(world.Time.Now < 3_000_000, $"It took {world.Time.Now} µs.");
        Assert.Equal(0, pair.Client.Tcp.Statistics.Retransmitted + pair.Server.Tcp.Statistics.Retransmitted);
    }

    [Theory]
    [InlineData(0.01, 1_000_000)]
    [InlineData(0.05, 1_000_000)]
    [InlineData(0.10, 600_000)]
    [InlineData(0.30, 100_000)]
    public void Loss_in_both_directions_does_no_harm(double loss, int bytes)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            TransferBothWays(seed, new LinkConditions { Loss = loss }, null, bytes);
        }
    }

    [Fact]
    public void Loss_reordering_duplication_and_corruption_together_do_no_harm()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var conditions = new LinkConditions { Loss = 0.05, Reordering = 0.1, Duplication = 0.05, Corruption = 0.02 };
            TransferBothWays(seed, conditions, null, 500_000);
        }
    }

    [Fact]
    public void Reordering_alone_costs_hardly_a_retransmission()
    {
        var pair = TransferBothWays(1, new LinkConditions { Reordering = 0.05, ReorderDelay = TimeSpan.FromMilliseconds(2), Delay = TimeSpan.FromMilliseconds(10) }, null, 3_000_000);
        var repeated = pair.Client.Tcp.Statistics.Retransmitted + pair.Server.Tcp.Statistics.Retransmitted;
        Assert.True(repeated * 50 < pair.ToServer.PacketsSent, $"{repeated} of {pair.ToServer.PacketsSent} packets were repeated.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loss_in_one_direction_does_no_harm(bool there)
    {
        var lossy = new LinkConditions { Loss = 0.2 };
        TransferBothWays(3, there ? lossy : new LinkConditions(), there ? new LinkConditions() : lossy, 300_000);
    }

    [Fact]
    public void A_narrow_link_is_filled_and_shared_by_its_queue()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Bandwidth = 50_000_000, Delay = TimeSpan.FromMilliseconds(20), Queue = 250_000 });
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 30_000_000, seed: 1);
        });
        var rate = 30_000_000 * 8 / (world.Time.Now / 1e6);
        Assert.True(rate > 0.8 * 50_000_000, $"{rate / 1e6:F1} of 50 Mbit/s, {pair.Client.Tcp.Statistics.Retransmitted} retransmissions");
    }

    [Fact]
    public void A_long_fat_link_is_filled()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Bandwidth = 200_000_000, Delay = TimeSpan.FromMilliseconds(50), Queue = 4_000_000 });
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 100_000_000, seed: 1, writeSize: 1 << 20);
        });
        var rate = 100_000_000 * 8 / (world.Time.Now / 1e6);
        Assert.True(rate > 0.7 * 200_000_000, $"{rate / 1e6:F1} of 200 Mbit/s");
    }

    [Fact]
    public void A_link_that_is_down_for_a_while_is_used_again()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Bandwidth = 8_000_000 });
        var normal = pair.ToServer.Conditions;
        world.At(300_000, () => pair.ToServer.Conditions = pair.ToClient.Conditions = normal with { Loss = 1 });
        world.At(20_300_000, () => pair.ToServer.Conditions = pair.ToClient.Conditions = normal);
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 2_000_000, seed: 1);
        });
        Assert.InRange(world.Time.Now / 1e6, 20.3, 60);
    }

    [Fact]
    public void Packets_too_large_for_the_path_are_made_smaller_even_if_no_router_says_so()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Mtu = 1500, SilentMtu = 1300 });
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 300_000, seed: 1);
        });
    }

    [Fact]
    public void Tiny_reads_and_tiny_writes_carry_the_same_bytes()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 5_000, seed: 1, writeSize: 1, readSize: 7);
            await SimulatedPair.TransferAsync(server, server.CloseWrite, client, 200_000, seed: 2, readSize: 13);
        });
    }

    [Fact]
    public void One_huge_write_is_taken_piece_by_piece()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 20_000_000, seed: 1, writeSize: 20_000_000);
        });
    }

    [Fact]
    public void A_reader_that_pauses_stops_the_writer_and_neither_holds_more_than_its_bound()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        var options = new TcpConnectionOptions { MaxReceiveBuffer = 128 * 1024, MaxSendBuffer = 128 * 1024 };
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync(options, options);
            var transfer = client.WriteAsync(new byte[1_000_000]).AsTask();
            await world.Delay(TimeSpan.FromMinutes(5));
            Assert.False(transfer.IsCompleted);
            Assert.InRange(pair.Client.Tcp.Budget.Used, 1, 160 * 1024);
            Assert.InRange(pair.Server.Tcp.Budget.Used, 1, 160 * 1024);
            client.Dispose();
            await SimulatedPair.ReceiveAsync(server);
        });
    }

    [Fact]
    public void Both_directions_carry_data_at_once_and_end_on_their_own()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Loss = 0.02 });
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            await Task.WhenAll(
                SimulatedPair.TransferAsync(client, client.CloseWrite, server, 500_000, seed: 1),
                SimulatedPair.TransferAsync(server, server.CloseWrite, client, 1_500_000, seed: 2));
        });
    }

    [Fact]
    public void A_thousand_connections_at_once_carry_each_its_own_bytes()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Loss = 0.01, Bandwidth = 1_000_000_000 });
        world.Run(() => Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            var (client, server) = await pair.ConnectAsync();
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 10_000, seed: i);
            await SimulatedPair.TransferAsync(server, server.CloseWrite, client, 1_000, seed: i + 5000);
            client.Dispose();
            server.Dispose();
        })));
        world.RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal(0, pair.Client.Tcp.FlowCount + pair.Server.Tcp.FlowCount);
        Assert.Equal(0, pair.Client.Tcp.Budget.Used + pair.Server.Tcp.Budget.Used);
        Assert.Equal(0, world.Time.ArmedTimers);
    }

    [Fact]
    public void Sequence_numbers_may_wrap_within_a_transfer()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Loss = 0.01 });
        uint? initial = null;
        pair.ToServer.Intercept = packet =>
        {
            var segment = Segment.Parse(packet);
            if (segment.Has(Segment.Syn))
            {
                initial = segment.Seq;
            }

            return false;
        };

        // The number of a flow grows by one each four microseconds, so the moment can be chosen at which it is about to wrap.
        var local = SimulatedWorld.At(SimulatedPair.ClientAddress, 5555);
        world.Run(async () =>
        {
            using var listener = pair.Server.ListenTcp(SimulatedPair.ServerEndPoint);
            var probe = pair.Client.ConnectTcpAsync(SimulatedPair.ServerEndPoint, local);
            (await listener.AcceptAsync()).Abort();
            (await probe).Abort();
            world.Time.Now += (uint.MaxValue - 300_000 - initial!.Value) * 4L;
            var accepting = listener.AcceptAsync();
            var client = await pair.Client.ConnectTcpAsync(SimulatedPair.ServerEndPoint, local);
            Assert.InRange(initial.Value, uint.MaxValue - 300_000, uint.MaxValue - 200_000);
            await SimulatedPair.TransferAsync(client, client.CloseWrite, await accepting, 2_000_000, seed: 1);
        }, TimeSpan.FromHours(10));
    }

    [Fact]
    public void Runs_of_the_same_seed_are_the_same_run()
    {
        var first = TransferBothWays(9, new LinkConditions { Loss = 0.05, Reordering = 0.1 }, null, 200_000);
        var second = TransferBothWays(9, new LinkConditions { Loss = 0.05, Reordering = 0.1 }, null, 200_000);
        Assert.Equal((first.World.Time.Now, first.ToServer.BytesSent), (second.World.Time.Now, second.ToServer.BytesSent));
    }

    [Fact]
    public void A_stack_short_of_buffers_is_slow_and_right()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Loss = 0.02 }, configure: options => options with { MaxBufferedBytes = 256 * 1024 });
        world.Run(() => Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var (client, server) = await pair.ConnectAsync(Patient, Patient);
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, 200_000, seed: i);
        })));
    }

    [Fact]
    public void A_shut_down_stack_ends_its_connections()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync();
            var reading = server.ReadAsync(new byte[1]).AsTask();
            var own = client.ReadAsync(new byte[1]).AsTask();
            pair.Client.Dispose();
            Assert.Equal(SocketError.NetworkDown, SocketErrorOf(await Assert.ThrowsAsync<IOException>(() => own)));
            Assert.Equal(SocketError.ConnectionReset, SocketErrorOf(await Assert.ThrowsAsync<IOException>(() => reading)));
        });
    }

    private static SocketError SocketErrorOf(IOException exception) => Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode;

    private static SimulatedPair TransferBothWays(int seed, LinkConditions there, LinkConditions? back, int bytes)
    {
        var world = new SimulatedWorld(seed);
        var pair = world.Pair(there, back);
        world.Run(async () =>
        {
            var (client, server) = await pair.ConnectAsync(Patient, Patient);
            await SimulatedPair.TransferAsync(client, client.CloseWrite, server, bytes, seed);
            await SimulatedPair.TransferAsync(server, server.CloseWrite, client, bytes / 4, seed + 100);
        }, TimeSpan.FromHours(3));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {seed}: {world.Time.Now / 1e6:F2} s, {pair.Client.Tcp.Statistics.Retransmitted} of {pair.ToServer.PacketsSent} packets repeated");
        return pair;
    }
}
