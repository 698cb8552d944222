using System.Collections.Immutable;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Serving;

/// <summary>
/// Has the device serve what the mounted serve configuration says: with the device's certificate name, the certificates at hand, the services
/// advertised, and the operator told the name that HTTPS is served under.
/// </summary>
/// <param name="events">Where a malformed file is told of besides the log; null for nowhere.</param>
internal sealed partial class MountedServeConfig(ProxyConfiguration configuration, IProxyDevice device, IProxyState state, StateEvents? events, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly CertificateLoops _certificates = new(device, time, logger);
    private volatile byte[]? _file;
    private byte[]? _inForce;
    private string _refusal = "";
    private string _served = "";
    private string _withheld = "";
    private string _toldName = "";
    private ImmutableArray<string> _advertised = [];

    /// <summary>Follows the file until it is cancelled; there must be one configured. Missing or empty, it changes nothing.</summary>
    /// <param name="changed">Told whenever there is something else to serve.</param>
    public async Task FollowAsync(Action changed, CancellationToken cancellationToken)
    {
        await foreach (var _ in MountedFolder.Of(configuration.ServeConfigPath, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = MountedFolder.TryRead(configuration.ServeConfigPath);
            if (file is { Length: > 0 } && (_file is null || !file.AsSpan().SequenceEqual(_file)))
            {
                _file = file;
                changed();
            }
        }
    }

    /// <summary>A file that is malformed is told of, and what was in force before stays so.</summary>
    public async Task UseAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (_file is not { } file)
        {
            return;
        }

        try
        {
            await UseAsync(file, snapshot, cancellationToken).ConfigureAwait(false);
            _inForce = file;
            _refusal = "";
        }
        catch (FormatException e)
        {
            if (e.Message != _refusal)
            {
                _refusal = e.Message;
                Log.Refused(logger, configuration.ServeConfigPath, e.Message);
                events?.Record(StateEvent.ServeConfigRefused($"{configuration.ServeConfigPath}: {e.Message}"));
            }

            if (_inForce is { } before)
            {
                await UseAsync(before, snapshot, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public ValueTask DisposeAsync() => _certificates.DisposeAsync();

    private async Task UseAsync(byte[] file, DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        var name = snapshot.CertDomains is [var first, ..] ? first : ServeConfigText.NoHttps;
        var config = ServeConfigText.Parse(file, name);
        if (config.Json != _served)
        {
            if (!config.NeedsHttps || !snapshot.CertDomains.IsEmpty)
            {
                await device.SetServeConfigAsync(config.Json, cancellationToken).ConfigureAwait(false);
                _served = config.Json;
                _withheld = "";
            }
            else if (config.Json != _withheld)
            {
                _withheld = config.Json;
                Log.NoHttps(logger, configuration.ServeConfigPath);
            }
        }

        if (configuration.IssuesSharedCertificates)
        {
            await _certificates.UseAsync(config.CertificateDomains, snapshot.CertDomains).ConfigureAwait(false);
        }

        // They are served by now. Nothing waits for the control plane to lead clients here: that takes its time, and ours goes on.
        ImmutableArray<string> offered = [.. config.Services.Order(StringComparer.Ordinal)];
        if (configuration.AdvertiseServices && config.Json == _served && !offered.SequenceEqual(_advertised))
        {
            await device.AdvertiseServicesAsync(offered, cancellationToken).ConfigureAwait(false);
            _advertised = offered;
        }

        if (name != _toldName)
        {
            await state.WriteAsync(StateKeys.HttpsEndpoint, name, cancellationToken).ConfigureAwait(false);
            _toldName = name;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Path} serves HTTPS, and the tailnet issues no certificates: nothing is served; turn HTTPS on in the tailnet's DNS settings")]
        public static partial void NoHttps(ILogger logger, string path);

        [LoggerMessage(2, LogLevel.Error, "{Path} is not used, and what was served before is served on: {Reason}")]
        public static partial void Refused(ILogger logger, string path, string reason);
    }
}
