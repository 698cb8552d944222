using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Registration;

/// <summary>
/// Asks the operator for another auth key when the device's is refused, and waits for it in the mounted configuration. The device is
/// forgotten then, and the process ends: its next start registers a new one. A device that is let in again meanwhile stays as it is.
/// </summary>
/// <param name="refused">
/// The key that the device began with, empty without one. The file may hold another by the time that the device is refused, or that the
/// operator can be told of it, and that one is as good as any that the operator would make.
/// </param>
internal sealed partial class AuthKeyReissue(string folder, string refused, IProxyDevice device, IProxyState state, TimeProvider time, ILogger logger)
{
    /// <summary>How long the operator may take; as upstream's proxies wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>May be repeated if the API server was away.</summary>
    /// <returns>Whether the device was forgotten; if not, it runs.</returns>
    /// <exception cref="ProxyException">No other key came.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        // The control plane is not to be bothered with the same key again and again.
        await device.DisconnectControlAsync(cancellationToken).ConfigureAwait(false);
        if (!HasAnother())
        {
            Log.AsksForKey(logger);
            await state.WriteAsync(StateKeys.ReissueAuthKey, refused, cancellationToken).ConfigureAwait(false);
            if (!await ComesAnotherAsync(cancellationToken).ConfigureAwait(false))
            {
                await state.WriteAsync(StateKeys.ReissueAuthKey, null, cancellationToken).ConfigureAwait(false);
                Log.Runs(logger);
                return false;
            }
        }

        await state.ForgetDeviceAsync(cancellationToken).ConfigureAwait(false);
        Log.KeyCame(logger);
        return true;
    }

    /// <returns>False if the device runs again before.</returns>
    private async Task<bool> ComesAnotherAsync(CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var runs = UntilRunningAsync(limit.Token);
        var comes = UntilAnotherAsync(limit.Token);
        try
        {
            var first = await Task.WhenAny(runs, comes).ConfigureAwait(false);
            await first.ConfigureAwait(false);
            return first == comes;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProxyException(
                $"The tailnet does not let this device in, and no other auth key came within {Patience.TotalMinutes:0} minutes; see the operator's log, or write a valid key into the proxy's configuration Secret.");
        }
        finally
        {
            await limit.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(runs, comes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task UntilAnotherAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in new MountedFolder(folder, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (HasAnother())
            {
                return;
            }
        }
    }

    private async Task UntilRunningAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in device.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (snapshot.State == DeviceState.Running)
            {
                return;
            }
        }

        // The device has ended, and will not run again; the loop learns that by itself.
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
    }

    private bool HasAnother() => DeviceConfigurationFolder.AuthKeyIn(folder) is { Length: > 0 } key && key != refused;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The tailnet does not let this device in; asking the operator for another auth key")]
        public static partial void AsksForKey(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Another auth key came; this process ends, and its next start registers the device anew")]
        public static partial void KeyCame(ILogger logger);

        [LoggerMessage(3, LogLevel.Information, "The tailnet lets this device in again; no other auth key is needed")]
        public static partial void Runs(ILogger logger);
    }
}
