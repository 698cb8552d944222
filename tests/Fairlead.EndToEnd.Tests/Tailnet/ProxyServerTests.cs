using System.Net;
using System.Net.Sockets;
using Fairlead.EndToEnd.Tests.Processes;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.EndToEnd.Tests.Tailnet;

public sealed class ProxyServerTests
{
    private const int MostClients = 3;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0.0.0.0:0")]
    [InlineData("[::]:0")]
    [InlineData("192.0.2.1:1055")]
    public async Task Addresses_that_other_machines_reach_must_be_asked_for(string address)
    {
        using var directory = new TemporaryDirectory();
        string[] command = ["tailnet", "proxy", "--listen", address, "--state", directory.Path];

        var refused = await RunningProgram.RunAsync(command);
        var allowed = await RunningProgram.RunAsync([.. command, "--allow-remote"]);

        Assert.Equal(ExitCodes.BadConfiguration, refused.ExitCode);
        Assert.Contains("--allow-remote", refused.ErrorLines[0], StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Unavailable, allowed.ExitCode);
        Assert.Contains("no node runs", allowed.ErrorLines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_so_many_clients_are_served_at_a_time_and_others_wait_for_one_to_leave()
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var arrivals = new SemaphoreSlim(0);
        var targets = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        var clients = new List<Socket>();
        var (dialing, most, all) = (0, 0, 0);
        var listening = new TaskCompletionSource<EndPoint>();
        var running = new ProxyServer(new IPEndPoint(IPAddress.Loopback, 0), DialAsync) { MaxClients = MostClients }.RunAsync(
            local =>
            {
                listening.SetResult(local);
                return Task.CompletedTask;
            },
            stopping.Token);
        for (var i = 0; i < 5 * MostClients; i++)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            clients.Add(client);
            await client.ConnectAsync(await listening.Task, Stop);
            await client.SendAsync("CONNECT web:80 HTTP/1.1\r\n\r\n"u8.ToArray(), Stop);
        }

        for (var i = 0; i < MostClients; i++)
        {
            await arrivals.WaitAsync(Stop);
        }

        // All are refused, one after the other, which makes room.
        targets.SetException(new IOException("There is no such target."));
        for (var i = MostClients; i < clients.Count; i++)
        {
            await arrivals.WaitAsync(Stop);
        }

        Assert.Equal((clients.Count, true), (all, most <= MostClients));
        clients.ForEach(client => client.Dispose());
        await stopping.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);

        async Task<Stream> DialAsync(string host, int port, CancellationToken cancellationToken)
        {
            lock (clients)
            {
                dialing++;
                all++;
                most = Math.Max(most, dialing);
            }

            arrivals.Release();
            try
            {
                return await targets.Task.WaitAsync(cancellationToken);
            }
            finally
            {
                lock (clients)
                {
                    dialing--;
                }
            }
        }
    }
}
