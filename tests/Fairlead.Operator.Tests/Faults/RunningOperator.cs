using Fairlead.Operator.Hosting;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>An operator in this process.</summary>
internal sealed class RunningOperator : IAsyncDisposable
{
    /// <summary>Longer than every grace period of the operator's own.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly ILoggerFactory _logging;
    private readonly OperatorHost _host;
    private readonly Task _running;
    private bool _gone;

    public RunningOperator(Func<ILoggerFactory, OperatorHost> build)
    {
        _logging = LoggerFactory.Create(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Debug));
        _host = build(_logging);
        _running = Task.Run(() => _host.RunAsync(_stop.Token));
    }

    public LogTail Log { get; } = new();

    /// <summary>As on SIGTERM.</summary>
    public async Task StopAsync()
    {
        if (_gone)
        {
            return;
        }

        _gone = true;
        await _stop.CancelAsync();
        await _running.WaitAsync(StopLimit);
        await _host.DisposeAsync();
        _logging.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _stop.Dispose();
    }

    /// <summary>
    /// Tears the operator down in the middle of what it does. Whoever wants it to leave no trace from here on must have cut it
    /// off from the cluster before.
    /// </summary>
    public async Task KillAsync()
    {
        if (_gone)
        {
            return;
        }

        _gone = true;
        await _stop.CancelAsync();
        await _host.DisposeAsync();
        await ((Task)_running.WaitAsync(StopLimit)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Assert.True(_running.IsCompleted, $"The operator was still running {StopLimit.TotalSeconds} s after its end");
        _logging.Dispose();
    }
}
