using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Registration;

/// <summary>
/// Asks the operator for another auth key when the device's is refused, and waits for it in the mounted configuration. The device is
/// forgotten then, and the process ends: its next start registers a new one.
/// </summary>
internal sealed partial class AuthKeyReissue(ProxyConfiguration configuration, IProxyDevice device, IProxyState state, TimeProvider time, ILogger logger)
{
    /// <summary>How long the operator may take; as upstream's proxies wait.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <exception cref="ProxyException">No other key came.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The control plane is not to be bothered with the same key again and again.
        await device.DisconnectControlAsync(cancellationToken).ConfigureAwait(false);
        var refused = KeyIn(configuration.ConfigurationDirectory);
        Log.AsksForKey(logger);
        await state.WriteAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.ReissueAuthKey] = refused }, cancellationToken).ConfigureAwait(false);
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            await foreach (var _ in new MountedFolder(configuration.ConfigurationDirectory, time).WatchAsync(limit.Token).ConfigureAwait(false))
            {
                var key = KeyIn(configuration.ConfigurationDirectory);
                if (key.Length > 0 && key != refused)
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProxyException(
                $"The tailnet does not let this device in, and no other auth key came within {Patience.TotalMinutes:0} minutes; see the operator's log, or write a valid key into the proxy's configuration Secret.");
        }

        await state.ForgetDeviceAsync(cancellationToken).ConfigureAwait(false);
        Log.KeyCame(logger);
    }

    private static string KeyIn(string folder)
    {
        var path = DeviceConfigurationFolder.FileIn(folder);
        return MountedFolder.TryRead(path) is { } file ? DeviceConfigurationFile.Parse(file, path).AuthKey ?? "" : "";
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The tailnet does not let this device in; asking the operator for another auth key")]
        public static partial void AsksForKey(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Another auth key came; this process ends, and its next start registers the device anew")]
        public static partial void KeyCame(ILogger logger);
    }
}
