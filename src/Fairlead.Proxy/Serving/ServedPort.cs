using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>A port that is served until it is disposed of. One that cannot be listened on is tried again, at growing intervals.</summary>
internal sealed partial class ServedPort : IAsyncDisposable
{
    /// <summary>Before the second try; each further wait is twice as long.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    /// <summary>Nobody tells when another program lets go of a port; whoever made it do so should not wait much longer than this.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    private readonly string _name;
    private readonly IPortServer _server;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    /// <param name="name">For people, as <c>port 80</c>.</param>
    public ServedPort(string name, IPortServer server, TimeProvider time, ILogger logger)
    {
        _name = name;
        _server = server;
        _time = time;
        _logger = logger;
        _serving = ServeAsync(_stopping.Token);
    }

    /// <summary>Ends when the port is listened on, or could not be at the first try; never fails.</summary>
    public Task Tried => _tried.Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        await Task.Yield();
        try
        {
            for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
            {
                try
                {
                    await _server.RunAsync(NoteTried, stopping).ConfigureAwait(false);
                }
                catch (Exception e) when (e is IOException or SocketException or TailnetNodeException or ObjectDisposedException)
                {
                    Log.NotServed(_logger, _name, wait.TotalSeconds, e.Message);
                }

                NoteTried();
                await Task.Delay(wait, _time, stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The port is served no more.
        }
        finally
        {
            NoteTried();
        }
    }

    private void NoteTried() => _tried.TrySetResult();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Port} is not served, tried again in {Seconds} s: {Reason}")]
        public static partial void NotServed(ILogger logger, string port, double seconds, string reason);
    }
}
