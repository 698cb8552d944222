using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.State;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailscale.LocalApi;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>What has to be done before a daemon may be stopped, so that nobody's connection and nothing of the device's identity is lost.</summary>
internal sealed partial class OrderlyStop(LocalApiClient api, StateSecret? state, TimeProvider time, ILogger logger)
{
    /// <summary>Of the 30 s that a Pod has by default, the rest is for the daemon's own end.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    /// <summary>Returns when the daemon may be stopped, or <see cref="Budget"/> is spent.</summary>
    public async Task PrepareAsync()
    {
        using var budget = new CancellationTokenSource(Budget, time);
        try
        {
            await WithdrawServicesAsync(budget.Token).ConfigureAwait(false);
            await StateWrittenAsync(budget.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Log.BudgetSpent(logger, Budget.TotalSeconds);
        }
    }

    private async Task WithdrawServicesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var preferences = await api.GetPreferencesAsync(cancellationToken).ConfigureAwait(false);
            if (preferences.AdvertiseServices is not { Count: > 0 } services)
            {
                return;
            }

            await api.EditPreferencesAsync(new PreferencesPatch { AdvertiseServices = [] }, cancellationToken).ConfigureAwait(false);
            Log.Withdrawn(logger, services.Count, ServiceFailOver.Time.TotalSeconds);
        }
        catch (LocalApiException e)
        {
            Log.NotWithdrawn(logger, e.Message);
            return;
        }

        await Task.Delay(ServiceFailOver.Time, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A daemon that is stopped between two writes of its first state would come back as another device.</summary>
    private async Task StateWrittenAsync(CancellationToken cancellationToken)
    {
        if (state is null)
        {
            return;
        }

        for (var pause = FirstPause; !await IsConsistentAsync(state, cancellationToken).ConfigureAwait(false); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> IsConsistentAsync(StateSecret secret, CancellationToken cancellationToken)
    {
        try
        {
            var values = await secret.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool[] present =
            [
                values.ContainsKey(NodeStateKeys.MachineKey),
                values.ContainsKey(NodeStateKeys.CurrentProfile),
                values.ContainsKey(NodeStateKeys.Profiles),
                values.Keys.Any(key => key.StartsWith(NodeStateKeys.Profile(""), StringComparison.Ordinal)),
            ];
            return present.All(isThere => isThere) || !present.Any(isThere => isThere);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            Log.StateUnread(logger, secret.Key, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Services} services are withdrawn; waiting {Seconds} s for clients to be led to other hosts")]
        public static partial void Withdrawn(ILogger logger, int services, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "Services could not be withdrawn before stopping: {Error}")]
        public static partial void NotWithdrawn(ILogger logger, string error);

        [LoggerMessage(3, LogLevel.Warning, "The Secret {Secret} cannot be read before stopping: {Error}")]
        public static partial void StateUnread(ILogger logger, ObjectKey secret, string error);

        [LoggerMessage(4, LogLevel.Warning, "Not all could be brought to an end in {Seconds} s; stopping all the same")]
        public static partial void BudgetSpent(ILogger logger, double seconds);
    }
}
