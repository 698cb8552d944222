using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Mounts;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Devices;

/// <summary>Has the device take on its mounted configuration file whenever that changes.</summary>
internal sealed partial class ConfigurationReload(string folder, IProxyDevice device, TimeProvider time, ILogger logger)
{
    /// <summary>Ends when it is cancelled, or the device refuses a file.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        byte[]? known = null;
        await foreach (var _ in new MountedFolder(folder, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = MountedFolder.TryRead(DeviceConfigurationFolder.FileIn(folder));
            if (known is not null && file is not null && !file.AsSpan().SequenceEqual(known))
            {
                await device.ReloadAsync(cancellationToken).ConfigureAwait(false);
                Log.Reloaded(logger);
            }

            known = file ?? known;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The changed configuration file is in use")]
        public static partial void Reloaded(ILogger logger);
    }
}
