using System.Collections.Immutable;
using Fairlead.Proxy.Devices;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Certificates;

/// <summary>
/// Keeps the certificates of served names at hand, so that no client waits for an order, and others of a ProxyGroup find them where they are
/// kept: a loop for each name, for as long as it is served.
/// </summary>
internal sealed partial class CertificateLoops(IProxyDevice device, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Dictionary<string, (CancellationTokenSource Stopping, Task Running)> _loops = new(StringComparer.OrdinalIgnoreCase);
    private volatile Allowance _allowance = new([]);

    /// <param name="domains">Names that are served.</param>
    /// <param name="allowed">Names that the tailnet allows certificates for just now; the others' loops wait for that.</param>
    public async Task UseAsync(IReadOnlyCollection<string> domains, ImmutableArray<string> allowed)
    {
        if (!allowed.SequenceEqual(_allowance.Domains))
        {
            var before = _allowance;
            _allowance = new Allowance(allowed);
            before.Replaced.SetResult();
        }

        foreach (var (domain, loop) in _loops.ToArray())
        {
            if (!domains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            {
                _loops.Remove(domain);
                await StopAsync(loop).ConfigureAwait(false);
            }
        }

        foreach (var domain in domains)
        {
            if (!_loops.ContainsKey(domain))
            {
                var stopping = new CancellationTokenSource();
                _loops[domain] = (stopping, RunAsync(domain, stopping.Token));
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var loop in _loops.Values)
        {
            await StopAsync(loop).ConfigureAwait(false);
        }

        _loops.Clear();
    }

    private static async Task StopAsync((CancellationTokenSource Stopping, Task Running) loop)
    {
        await loop.Stopping.CancelAsync().ConfigureAwait(false);
        await loop.Running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        loop.Stopping.Dispose();
    }

    private async Task RunAsync(string domain, CancellationToken stopping)
    {
        await Task.Yield();
        var schedule = new RetrySchedule();
        while (true)
        {
            while (_allowance is var allowance && !allowance.Domains.Contains(domain, StringComparer.OrdinalIgnoreCase))
            {
                Log.NotAllowed(logger, domain);
                await allowance.Replaced.Task.WaitAsync(stopping).ConfigureAwait(false);
            }

            TimeSpan wait;
            try
            {
                await device.EnsureCertificateAsync(domain, stopping).ConfigureAwait(false);
                wait = schedule.Succeeded();
                Log.IsThere(logger, domain);
            }
#pragma warning disable CA1031 // Nobody starts a name's loop anew: only being stopped may end it.
            catch (Exception e) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                wait = schedule.Failed(e as CertificateUnavailableException ?? new CertificateUnavailableException(e.Message, e));
                Log.Failed(logger, domain, wait, e.Message);
            }

            await Task.Delay(wait, time, stopping).ConfigureAwait(false);
        }
    }

    private sealed record Allowance(ImmutableArray<string> Domains)
    {
        public TaskCompletionSource Replaced { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The tailnet allows no certificate for {Domain} yet; waiting for it")]
        public static partial void NotAllowed(ILogger logger, string domain);

        [LoggerMessage(2, LogLevel.Information, "The certificate for {Domain} is there")]
        public static partial void IsThere(ILogger logger, string domain);

        [LoggerMessage(3, LogLevel.Error, "There is no certificate for {Domain}, asking again in {Wait}: {Reason}")]
        public static partial void Failed(ILogger logger, string domain, TimeSpan wait, string reason);
    }
}
