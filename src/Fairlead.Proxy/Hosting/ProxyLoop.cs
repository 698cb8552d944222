using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fairlead.Kubernetes.Client;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.GroupServices.Ingress;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.Serving;
using Fairlead.Proxy.State;
using Fairlead.Proxy.Targets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Hosting;

/// <summary>
/// Keeps a running proxy as it should be: takes in what changed (the device, the tailnet, DNS, mounted files), and carries it out in an order
/// that the operator can rely on: the device's ID is told before any rule exists, so that a device that fails is cleaned up all the same; its
/// name and addresses after the rules, so that nobody is led to a proxy that forwards nothing.
/// </summary>
internal sealed partial class ProxyLoop(
    ProxyConfiguration configuration,
    IProxyDevice device,
    IProxyState state,
    INameResolver resolver,
    MountedServices services,
    ProxyHealth health,
    TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan OutageRetry = TimeSpan.FromSeconds(5);

    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile DeviceSnapshot? _device;
    private volatile IReadOnlyList<IPAddress> _backends = [];
    private volatile byte[]? _serveFile;

    private bool _wasRunning;
    private bool _isUp;
    private string _toldDevice = "";
    private string _toldEndpoints = "";
    private ImmutableArray<ForwardingRule> _rules;
    private (EgressServicesPlan Egress, IngressServicesPlan Ingress)? _carriedServices;
    private string _served = "";
    private string _toldHttps = "";
    private string _unresolved = "";
    private ImmutableArray<string> _advertised = [];

    /// <summary>Runs until the device ends, in which case it returns, or it is cancelled.</summary>
    /// <exception cref="ProxyException">It cannot go on.</exception>
    /// <exception cref="ForwardingException">Traffic cannot take the way it should.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var certificates = new CertificateLoops(device, time, logger);
        var sources = Sources(ending.Token).ToList();
        var turns = TakeTurnsAsync(certificates, ending.Token);
        try
        {
            var first = await Task.WhenAny([turns, device.Completion, .. sources]).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([turns, .. sources]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await certificates.DisposeAsync().ConfigureAwait(false);
        }
    }

    private IEnumerable<Task> Sources(CancellationToken cancellationToken)
    {
        yield return FollowDeviceAsync(cancellationToken);
        if (configuration.DestinationName.Length > 0)
        {
            yield return FollowBackendsAsync(cancellationToken);
        }

        if (configuration.ServeConfigPath.Length > 0)
        {
            yield return FollowServeFileAsync(cancellationToken);
        }

        if (configuration.ConfigurationDirectory.Length > 0)
        {
            yield return FollowConfigurationAsync(cancellationToken);
        }

        foreach (var following in services.Follow(() => _changes.Writer.TryWrite(true), cancellationToken))
        {
            yield return following;
        }
    }

    private async Task FollowDeviceAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in device.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            _device = snapshot;
            _changes.Writer.TryWrite(true);
        }

        // The device's own end tells why.
        await device.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task FollowBackendsAsync(CancellationToken cancellationToken)
    {
        await foreach (var backends in new BackendNames(resolver, time, logger).WatchAsync(configuration.DestinationName, cancellationToken).ConfigureAwait(false))
        {
            _backends = backends;
            _changes.Writer.TryWrite(true);
        }
    }

    private async Task FollowServeFileAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in MountedFolder.Of(configuration.ServeConfigPath, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = MountedFolder.TryRead(configuration.ServeConfigPath);
            if (file is { Length: > 0 } && (_serveFile is null || !file.AsSpan().SequenceEqual(_serveFile)))
            {
                _serveFile = file;
                _changes.Writer.TryWrite(true);
            }
        }
    }

    private async Task FollowConfigurationAsync(CancellationToken cancellationToken)
    {
        byte[]? known = null;
        await foreach (var _ in new MountedFolder(configuration.ConfigurationDirectory, time).WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            var file = MountedFolder.TryRead(DeviceConfigurationFolder.FileIn(configuration.ConfigurationDirectory));
            if (known is not null && file is not null && !file.AsSpan().SequenceEqual(known))
            {
                await device.ReloadAsync(cancellationToken).ConfigureAwait(false);
                Log.Reloaded(logger);
            }

            known = file ?? known;
        }
    }

    private async Task TakeTurnsAsync(CertificateLoops certificates, CancellationToken cancellationToken)
    {
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_device is { } snapshot && await TryTurnAsync(snapshot, certificates, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <inheritdoc cref="TakeTurnAsync"/>
    private async Task<bool> TryTurnAsync(DeviceSnapshot snapshot, CertificateLoops certificates, CancellationToken cancellationToken)
    {
        try
        {
            return await TakeTurnAsync(snapshot, certificates, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOutage(e))
        {
            Log.NotTold(logger, e.Message);
            _ = LookAgainAsync(cancellationToken);
            return false;
        }
    }

    /// <summary>An API server that is away must not end traffic that flows without it.</summary>
    private static bool IsOutage(Exception e) =>
        e is KubernetesConnectionException or KubernetesApiException { IsTooManyRequests: true } or KubernetesApiException { StatusCode: >= HttpStatusCode.InternalServerError };

    private async Task LookAgainAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(OutageRetry, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _changes.Writer.TryWrite(true);
    }

    /// <returns>Whether the process is to end, to be started anew.</returns>
    private async Task<bool> TakeTurnAsync(DeviceSnapshot snapshot, CertificateLoops certificates, CancellationToken cancellationToken)
    {
        if (snapshot.State == DeviceState.NeedsLogin)
        {
            if (configuration.ConfigurationDirectory.Length == 0 || configuration.StateSecret.Length == 0)
            {
                throw new ProxyException($"The tailnet does not let this device in: {snapshot.Problem}");
            }

            await new AuthKeyReissue(configuration, device, state, time, logger).RunAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (snapshot.State != DeviceState.Running)
        {
            return _wasRunning
                ? throw new ProxyException($"The device left the tailnet: it is {snapshot.State} now. See the tailnet's machine list; if it was removed there, remove its keys from the state Secret.")
                : false;
        }

        _wasRunning = true;
        await TellDeviceAsync(snapshot, cancellationToken).ConfigureAwait(false);
        await ForwardAsync(snapshot, cancellationToken).ConfigureAwait(false);
        await ServeAsync(snapshot, certificates, cancellationToken).ConfigureAwait(false);
        if (_carriedServices is var (egress, ingress))
        {
            await services.TellAsync(egress, ingress, state, cancellationToken).ConfigureAwait(false);
        }

        await TellEndpointsAsync(snapshot, cancellationToken).ConfigureAwait(false);
        health.Note(snapshot.Addresses);
        if (!_isUp && _unresolved.Length == 0)
        {
            _isUp = true;
            health.NoteStarted();
            Log.Up(logger);
        }

        return false;
    }

    private async Task TellDeviceAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        if (snapshot.StableId.Length > 0 && snapshot.StableId != _toldDevice)
        {
            await state.WriteAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.DeviceId] = snapshot.StableId }, cancellationToken).ConfigureAwait(false);
            _toldDevice = snapshot.StableId;
        }
    }

    private async Task ForwardAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        var target = configuration.TargetName.Length > 0 ? TailnetTarget.Resolve(configuration.TargetName, snapshot) : [];
        if (configuration.TargetName.Length > 0 && target.IsEmpty)
        {
            // The rules stay: a target that is gone from the map for a moment must not end the connections to it.
            NoteUnresolved(configuration.TargetName, "the tailnet");
            return;
        }

        if (configuration.DestinationName.Length > 0 && _backends.Count == 0)
        {
            NoteUnresolved(configuration.DestinationName, "DNS");
            return;
        }

        _unresolved = "";

        // What has addresses of both families is reached by the one that can be carried.
        var carried = device.Forwarder.CarriesIPv6 ? snapshot
            : snapshot with { Addresses = [.. snapshot.Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork)] };
        var isByName = configuration.TargetName.Length > 0 || configuration.DestinationName.Length > 0;
        var (asked, egress, ingress) = services.Plan(carried);
        ImmutableArray<ForwardingRule> rules = [.. ForwardingPlan.For(configuration, isByName ? carried : snapshot, target, [.. _backends]), .. asked];
        if (_rules.IsDefault || !rules.SequenceEqual(_rules))
        {
            await device.Forwarder.ApplyAsync(rules, cancellationToken).ConfigureAwait(false);
            _rules = rules;
            Log.Forwards(logger, rules.Length);
        }

        _carriedServices = (egress, ingress);
    }

    private void NoteUnresolved(string name, string where)
    {
        if (_unresolved != name)
        {
            _unresolved = name;
            Log.Unresolved(logger, name, where);
        }
    }

    private async Task ServeAsync(DeviceSnapshot snapshot, CertificateLoops certificates, CancellationToken cancellationToken)
    {
        if (_serveFile is not { } file)
        {
            return;
        }

        var domain = snapshot.CertDomains is [var first, ..] ? first : ServeConfigText.NoHttps;
        var config = Parse(file, domain);
        if (config.Json != _served)
        {
            if (config.NeedsHttps && snapshot.CertDomains.IsEmpty)
            {
                Log.NoHttps(logger, configuration.ServeConfigPath);
            }
            else
            {
                await device.SetServeConfigAsync(config.Json, cancellationToken).ConfigureAwait(false);
            }

            _served = config.Json;
        }

        if (configuration.IssuesSharedCertificates)
        {
            await certificates.UseAsync(config.CertificateDomains, snapshot.CertDomains).ConfigureAwait(false);
        }

        // They are served by now. Nothing waits for the control plane to lead clients here: that takes its time, and ours goes on.
        ImmutableArray<string> offered = [.. config.Services.Order(StringComparer.Ordinal)];
        if (configuration.AdvertiseServices && !offered.SequenceEqual(_advertised))
        {
            await device.AdvertiseServicesAsync(offered, cancellationToken).ConfigureAwait(false);
            _advertised = offered;
        }

        if (domain != _toldHttps)
        {
            await state.WriteAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.HttpsEndpoint] = domain }, cancellationToken).ConfigureAwait(false);
            _toldHttps = domain;
        }
    }

    private ServeConfigText Parse(byte[] file, string domain)
    {
        try
        {
            return ServeConfigText.Parse(file, domain);
        }
        catch (FormatException e)
        {
            throw new ProxyException($"{ProxyVariables.ServeConfig}: {configuration.ServeConfigPath}: {e.Message}", e);
        }
    }

    private async Task TellEndpointsAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        // Rules that wait for a name are not there yet.
        if (_unresolved.Length > 0 || snapshot.Fqdn.Length == 0)
        {
            return;
        }

        var addresses = new JsonArray([.. snapshot.Addresses.Select(address => (JsonNode)address.ToString())]).ToJsonString();
        var told = $"{snapshot.Fqdn} {addresses}";
        if (told != _toldEndpoints)
        {
            await state.WriteAsync(
                new Dictionary<string, string?>(StringComparer.Ordinal) { [StateKeys.DeviceFqdn] = snapshot.Fqdn, [StateKeys.DeviceIps] = addresses },
                cancellationToken).ConfigureAwait(false);
            _toldEndpoints = told;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The changed configuration file is in use")]
        public static partial void Reloaded(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "Traffic takes {Rules} ways")]
        public static partial void Forwards(ILogger logger, int rules);

        [LoggerMessage(3, LogLevel.Warning, "{Where} does not know {Name} yet; traffic waits for it")]
        public static partial void Unresolved(ILogger logger, string name, string where);

        [LoggerMessage(4, LogLevel.Warning, "{Path} serves HTTPS, and the tailnet issues no certificates: nothing is served; turn HTTPS on in the tailnet's DNS settings")]
        public static partial void NoHttps(ILogger logger, string path);

        [LoggerMessage(6, LogLevel.Warning, "The operator cannot be told what changed, and is told later; traffic flows all the same: {Reason}")]
        public static partial void NotTold(ILogger logger, string reason);

        [LoggerMessage(5, LogLevel.Information, "Startup complete, waiting for shutdown signal")]
        public static partial void Up(ILogger logger);
    }
}
