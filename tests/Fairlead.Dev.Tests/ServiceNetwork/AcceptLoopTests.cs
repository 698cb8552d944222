using System.Net.Sockets;
using Fairlead.Dev.ServiceNetwork;
using Fairlead.Testing;

namespace Fairlead.Dev.Tests.ServiceNetwork;

public sealed class AcceptLoopTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_no_descriptors_are_left_it_pauses_and_then_takes_the_next()
    {
        var time = new ManualTime();
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var attempts = 0;
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var served = new TaskCompletionSource<Socket>();
        var running = AcceptLoop.RunAsync(AcceptAsync, served.SetResult, time, stopping.Token);

        await time.WaiterAsync(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100), Stop);
        Assert.Equal(1, attempts);
        time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Same(client, await served.Task.WaitAsync(TimeSpan.FromSeconds(5), Stop));
        await stopping.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(5), Stop);

        async ValueTask<Socket> AcceptAsync(CancellationToken cancellationToken)
        {
            switch (++attempts)
            {
                case 1:
                    throw new SocketException((int)SocketError.TooManyOpenSockets);
                case 2:
                    return client;
                default:
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                    throw new InvalidOperationException("It was not stopped.");
            }
        }
    }
}
