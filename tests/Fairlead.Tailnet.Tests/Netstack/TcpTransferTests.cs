using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class TcpTransferTests
{
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
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.05)]
    [InlineData(0.10)]
    [InlineData(0.30)]
    public void Loss_in_both_directions_does_no_harm(double loss)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var world = new SimulatedWorld(seed);
            var pair = world.Pair(new LinkConditions { Loss = loss });
            world.Run(async () =>
            {
                var patient = new TcpConnectionOptions { UserTimeout = Timeout.InfiniteTimeSpan };
                var (client, server) = await pair.ConnectAsync(patient, patient);
                await SimulatedPair.TransferAsync(client, client.CloseWrite, server, loss > 0.2 ? 200_000 : 1_000_000, seed);
                await SimulatedPair.TransferAsync(server, server.CloseWrite, client, 100_000, seed + 100);
            }, TimeSpan.FromHours(10));
            TestContext.Current.TestOutputHelper?.WriteLine($"loss {loss} seed {seed}: {world.Time.Now / 1e6:F2} s, {pair.Client.Tcp.Statistics.Retransmitted} retransmissions");
        }
    }
}
