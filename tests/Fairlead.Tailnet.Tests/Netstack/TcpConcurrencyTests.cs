using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

/// <summary>Real threads and real time: what a simulation in one thread cannot show.</summary>
public sealed class TcpConcurrencyTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Many_connections_on_many_threads_carry_their_bytes_while_others_are_aborted()
    {
        var there = new InMemoryLink(1280, capacity: 256 * 1024); // small, so that packets are lost
        var back = new InMemoryLink(1280, capacity: 256 * 1024);
        using var client = new NetworkStack(there);
        using var server = new NetworkStack(back);
        there.Receiver = server;
        back.Receiver = client;
        client.AddAddress(IPAddress.Parse(SimulatedPair.ClientAddress));
        server.AddAddress(IPAddress.Parse(SimulatedPair.ServerAddress));
        var tasks = Enumerable.Range(0, 60).Select(i => Task.Run(async () =>
        {
            using var listener = server.ListenTcp(new IPEndPoint(IPAddress.Any, 0));
            var accepting = listener.AcceptAsync();
            await using var near = await client.ConnectTcpAsync(SimulatedWorld.At(SimulatedPair.ServerAddress, listener.LocalEndPoint.Port));
            await using var far = await accepting;
            if (i % 3 == 0)
            {
                var writing = near.WriteAsync(new byte[5_000_000]).AsTask();
                await far.ReadAsync(new byte[1000]);
                (i % 2 == 0 ? near : far).Abort();
                await Assert.ThrowsAnyAsync<Exception>(() => writing);
                return;
            }

            await Task.WhenAll(
                SimulatedPair.TransferAsync(near, near.CloseWrite, far, 500_000, seed: i),
                SimulatedPair.TransferAsync(far, far.CloseWrite, near, 200_000, seed: i + 1000));
        }));
        await Task.WhenAll(tasks).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.InRange(client.Tcp.Budget.Used + server.Tcp.Budget.Used, 0, 1024 * 1024);
    }

    [Fact]
    public async Task Reads_that_are_cancelled_at_random_lose_no_byte()
    {
        var there = new InMemoryLink(1280);
        var back = new InMemoryLink(1280);
        using var client = new NetworkStack(there);
        using var server = new NetworkStack(back);
        there.Receiver = server;
        back.Receiver = client;
        client.AddAddress(IPAddress.Parse(SimulatedPair.ClientAddress));
        server.AddAddress(IPAddress.Parse(SimulatedPair.ServerAddress));
        using var listener = server.ListenTcp(SimulatedPair.ServerEndPoint);
        await using var near = await client.ConnectTcpAsync(SimulatedPair.ServerEndPoint, cancellationToken: TestContext.Current.CancellationToken);
        await using var far = await listener.AcceptAsync(TestContext.Current.CancellationToken);
        const int Count = 3000;
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++)
            {
                await near.WriteAsync(BitConverter.GetBytes(i));
                if (i % 7 == 0)
                {
                    await Task.Yield();
                }
            }

            near.CloseWrite();
        }, TestContext.Current.CancellationToken);
        var received = new List<byte>();
        var buffer = new byte[64];
        while (true)
        {
            using var cancellation = new CancellationTokenSource();
            var reading = far.ReadAsync(buffer, cancellation.Token).AsTask();
            _ = Task.Run(cancellation.Cancel, TestContext.Current.CancellationToken);
            try
            {
                var count = await reading.WaitAsync(Limit, TestContext.Current.CancellationToken);
                if (count == 0)
                {
                    break;
                }

                received.AddRange(buffer[..count]);
            }
            catch (OperationCanceledException) when (reading.IsCanceled)
            {
                // As intended.
            }
        }

        await writing;
        Assert.Equal(Enumerable.Range(0, Count).SelectMany(BitConverter.GetBytes), received);
    }
}
