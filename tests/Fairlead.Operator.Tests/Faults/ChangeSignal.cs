using System.Diagnostics;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>Looks at a condition again whenever an object of the cluster changed.</summary>
internal sealed class ChangeSignal : IAsyncDisposable
{
    /// <summary>Several times what the slowest of these tests needs on a busy machine.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    /// <summary>The tailnet and the faults report no changes.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;
    private volatile TaskCompletionSource _changed = New();

    public ChangeSignal(IClusterApi api) => _watching = Task.WhenAll(
        WatchAsync(api, "", "services"), WatchAsync(api, "", "secrets"), WatchAsync(api, "apps", "statefulsets"), WatchAsync(api, "", "events"));

    public async Task UntilAsync(string what, Func<bool> condition, Func<string> instead)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var changed = _changed.Task;
            if (condition())
            {
                return;
            }

            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                Assert.Fail($"Not within {Limit.TotalSeconds} s: {what}; instead:\n{instead()}");
            }

            await Task.WhenAny(changed, Task.Delay(LookAgain, TestContext.Current.CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task WatchAsync(IClusterApi api, string group, string plural)
    {
        await foreach (var _ in EndlessWatch.Of(api, group, plural, _stop.Token))
        {
            Interlocked.Exchange(ref _changed, New()).TrySetResult();
        }
    }
}
