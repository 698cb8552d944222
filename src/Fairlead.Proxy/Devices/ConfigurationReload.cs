using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Mounts;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Devices;

/// <summary>Has the device take on its mounted configuration file whenever that changes.</summary>
/// <param name="started">What the device was started with; null if there was no file. One that changed since is news already.</param>
internal sealed partial class ConfigurationReload(string folder, byte[]? started, IProxyDevice device, TimeProvider time, ILogger logger)
{
    /// <summary>Ends when it is cancelled, or the device refuses a file.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var known = started;
        await foreach (var _ in new MountedFolder(folder, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = MountedFolder.TryRead(DeviceConfigurationFolder.FileIn(folder));
            if (file is not null && !file.AsSpan().SequenceEqual(known))
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
