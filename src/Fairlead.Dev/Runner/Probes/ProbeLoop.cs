using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner.Probes;

/// <summary>Probes a container over and over.</summary>
/// <param name="kind"><c>Startup</c>, <c>Readiness</c> or <c>Liveness</c>, as Events say it.</param>
/// <param name="failed">Told of each failure.</param>
internal sealed class ProbeLoop(string kind, JsonObject probe, IContainerAction action, TimeProvider time, Action<string> failed)
{
    // The API's defaults.
    private const long Period = 10;
    private const long Timeout = 1;
    private const long Failures = 3;
    private const long Successes = 1;

    // A person waits here for Pods to come up: a kubelet lets a whole period pass after a first look that came too early.
    private static readonly TimeSpan EarlyLook = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks often at a container that has just started, for at most one period, and keeps what it sees to itself until it is well.</summary>
    public async Task ComeUpAsync(CancellationToken cancellationToken)
    {
        using var period = new CancellationTokenSource(Seconds("periodSeconds", Period), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, period.Token);
        try
        {
            while (await ProbeAsync(either.Token).ConfigureAwait(false) is not null)
                await Task.Delay(EarlyLook, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It takes longer: from now on it is probed as it asks to be.
        }
    }

    /// <summary>Runs until cancelled, or until <paramref name="decided"/> says that it is enough.</summary>
    /// <param name="decided">
    /// Told true after the threshold of successes in a row and false after that of failures, again for each one more; answers
    /// whether to go on.
    /// </param>
    public async Task RunAsync(Func<bool, bool> decided, CancellationToken cancellationToken)
    {
        await Task.Delay(Seconds("initialDelaySeconds", 0), time, cancellationToken).ConfigureAwait(false);
        var (successes, failures) = (0L, 0L);
        while (true)
        {
            if (await ProbeAsync(cancellationToken).ConfigureAwait(false) is { } problem)
            {
                failed($"{kind} probe failed: {problem}");
                successes = 0;
                if (++failures >= (probe.Integer("failureThreshold") ?? Failures) && !decided(false))
                    return;
            }
            else
            {
                failures = 0;
                if (++successes >= (probe.Integer("successThreshold") ?? Successes) && !decided(true))
                    return;
            }

            await Task.Delay(Seconds("periodSeconds", Period), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private TimeSpan Seconds(string field, long preset) => TimeSpan.FromSeconds(probe.Integer(field) ?? preset);

    private async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        var limit = Seconds("timeoutSeconds", Timeout);
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await action.RunAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"no answer within {limit.TotalSeconds:0} s";
        }
    }
}
