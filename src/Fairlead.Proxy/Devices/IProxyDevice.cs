using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Devices;

/// <summary>
/// A proxy's tailnet device, whatever carries it: a supervised tailscaled, or a managed node in this process. The proxy's logic
/// (what to forward where, what the state Secret says) is the same for both.
/// </summary>
internal interface IProxyDevice : IAsyncDisposable
{
    /// <summary>Forwards the device's traffic.</summary>
    ITrafficForwarder Forwarder { get; }

    /// <summary>Completes when the device has stopped by itself, with the error if it failed.</summary>
    Task Completion { get; }

    /// <summary>Snapshots, the present one first, each time something changed; only the latest is kept for a slow reader.</summary>
    IAsyncEnumerable<DeviceSnapshot> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Takes on a changed configuration file (hostname, routes, services) without losing connections.</summary>
    Task ReloadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the serve configuration.</summary>
    /// <param name="json">A ServeConfig as JSON, every placeholder replaced; <c>{}</c> serves nothing.</param>
    /// <exception cref="FormatException">The device finds a bad value in it, and serves what it served before.</exception>
    Task SetServeConfigAsync(string json, CancellationToken cancellationToken);

    /// <summary>Replaces the Tailscale Services that this device offers to serve.</summary>
    Task AdvertiseServicesAsync(IReadOnlyList<string> services, CancellationToken cancellationToken);

    /// <summary>Sees to it that there is a certificate for a name that the device serves, and that one that is due is renewed.</summary>
    /// <exception cref="CertificateUnavailableException">There is none, and the authority gives none now.</exception>
    Task EnsureCertificateAsync(string domain, CancellationToken cancellationToken);

    /// <summary>Stops talking to the control plane, so that a refused key is not presented again and again.</summary>
    Task DisconnectControlAsync(CancellationToken cancellationToken);

    /// <summary>Metrics for users in Prometheus' text format.</summary>
    Task<string> MetricsAsync(CancellationToken cancellationToken);
}
