using System.Net;
using System.Text;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.GroupServices;
using Fairlead.Proxy.GroupServices.Draining;
using Fairlead.Proxy.Managed;
using Fairlead.Proxy.Mounts;
using Fairlead.Proxy.Netfilter;
using Fairlead.Proxy.Netfilter.Sysctls;
using Fairlead.Proxy.Registration;
using Fairlead.Proxy.State;
using Fairlead.Proxy.Tailscaled;
using Fairlead.Proxy.Targets;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Hosting;

/// <summary>
/// A proxy from start to end: state Secret, device, endpoints, and the loop that keeps traffic going. It ends when it is stopped, when its
/// device does, or when a new start is the remedy; whoever keeps it running starts it anew.
/// </summary>
public sealed partial class ProxyProcess
{
    /// <summary>Told to the operator, which knows by it what this proxy understands: that of the tailscaled whose contract it keeps.</summary>
    private const string CapabilityVersion = "145";

    private readonly ProxyConfiguration _configuration;
    private readonly ProxyProcessOptions _options;
    private readonly ILogger _logger;
    private readonly ProxyHealth _health = new();

    public ProxyProcess(ProxyConfiguration configuration, ProxyProcessOptions options)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(options);
        _configuration = configuration;
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<ProxyProcess>();
    }

    /// <summary>
    /// Ends when traffic takes all its ways for the first time: the device is on the tailnet, names are resolved, and the node's own ports are
    /// listened on. It never does if the proxy ends before.
    /// </summary>
    public Task Started => _health.Started;

    /// <param name="stopping">Cancelled to stop in order.</param>
    /// <exception cref="ProxyException">It could not start, or go on; so too <see cref="ProxyConfigurationException"/> and <see cref="Forwarding.ForwardingException"/>.</exception>
    /// <exception cref="KubernetesApiException">The API server refuses what the proxy needs of it.</exception>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var client = _configuration.StateSecret.Length > 0 && _configuration.IsInKubernetes ? NewClient() : null;
        var configuredKey = _configuration.ConfigurationDirectory.Length > 0 ? DeviceConfigurationFolder.AuthKeyIn(_configuration.ConfigurationDirectory) : "";
        var secret = client is null ? null : await OpenSecretAsync(client, configuredKey, stopping).ConfigureAwait(false);
        var events = client is not null && _configuration.PodUid.Length > 0
            ? new StateEvents(client, new ObjectKey(client.Configuration.Namespace, _configuration.PodName), _configuration.PodUid, _options.Time, _logger)
            : null;
        try
        {
            await RunAsync(client, secret, events, configuredKey, stopping).ConfigureAwait(false);
        }
        finally
        {
            if (events is not null)
            {
                await events.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(KubernetesClient? client, StateSecret? secret, StateEvents? events, string configuredKey, CancellationToken stopping)
    {
        using var metrics = new PrometheusExporter("Fairlead.Tailnet");
        var resolver = Resolver();
        var configuration = _configuration with { Credentials = await CredentialsAsync(secret, stopping).ConfigureAwait(false) };
        var startedWith = _configuration.ConfigurationDirectory.Length > 0
            ? MountedFolder.TryRead(DeviceConfigurationFolder.FileIn(_configuration.ConfigurationDirectory))
            : null;
        IProxyDevice device = configuration.Engine == ProxyEngine.Managed
            ? StartNode(configuration, client, secret, events, resolver, metrics)
            : await StartDaemonAsync(configuration, secret, stopping).ConfigureAwait(false);
        await using (device.ConfigureAwait(false))
        {
            var services = new MountedServices(_configuration, _options.Time, _logger);
            var drain = _configuration.EgressServicesPath.Length > 0 ? new EgressDrain(() => services.Egress, _configuration.PodIps, resolver, _options.Time, _logger) : null;
            var endpoints = await LocalEndpoints.StartAsync(_configuration, _health, device.MetricsAsync, drain is null ? null : drain.RunAsync, stopping).ConfigureAwait(false);
            await using (endpoints.ConfigureAwait(false))
            {
                var state = (IProxyState?)secret ?? new NoProxyState();
                var reissue = _configuration.ConfigurationDirectory.Length > 0 && secret is not null
                    ? new AuthKeyReissue(_configuration.ConfigurationDirectory, configuredKey, device, state, _options.Time, _logger)
                    : null;
                var loop = new ProxyLoop(_configuration, device, startedWith, state, events, reissue, resolver, services, _health, _options.Time, _options.Random, _logger);
                await using (loop.ConfigureAwait(false))
                {
                    await RunAsync(loop, stopping).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task RunAsync(ProxyLoop loop, CancellationToken stopping)
    {
        try
        {
            await loop.RunAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.Stops(_logger);
        }
    }

    private INameResolver Resolver() => _options.Resolver
        ?? (_configuration.ClusterDns is { } server ? new DnsServerResolver(server, _configuration.ClusterSearch) : new SystemNameResolver());

    private KubernetesClient NewClient() => new(
        ClusterConfiguration.Load(_options.Cluster),
        new KubernetesClientOptions { UserAgent = "fairlead-proxy", TimeProvider = _options.Time, Logger = _options.LoggerFactory.CreateLogger<KubernetesClient>() });

    private async Task<StateSecret> OpenSecretAsync(KubernetesClient client, string configuredKey, CancellationToken stopping)
    {
        var key = new ObjectKey(client.Configuration.Namespace, _configuration.StateSecret);
        var rights = await SecretRights.AskAsync(client, key, stopping).ConfigureAwait(false);
        if (!rights.Get)
        {
            throw new ProxyException($"{ProxyVariables.StateSecret}: this Pod's ServiceAccount may not get the Secret {key}; grant it get, update and patch on secrets in {key.Namespace}.");
        }

        var secret = new StateSecret(client, key, rights);
        await secret.ResetAsync(_configuration.PodUid, CapabilityVersion, configuredKey, stopping).ConfigureAwait(false);
        return secret;
    }

    private async Task<IProxyDevice> StartDaemonAsync(ProxyConfiguration configuration, StateSecret? secret, CancellationToken stopping)
    {
        NetfilterForwarder? forwarder = null;
        if (!configuration.Userspace)
        {
            EnableForwarding(configuration);
            forwarder = await NetfilterForwarder.OpenAsync(
                new NetfilterOptions { FirewallMode = configuration.FirewallMode.Length > 0 ? configuration.FirewallMode : null },
                _options.LoggerFactory.CreateLogger<NetfilterForwarder>(),
                stopping).ConfigureAwait(false);
        }

        try
        {
            return await TailscaledDevice.StartAsync(
                new TailscaledOptions
                {
                    Configuration = configuration,
                    DaemonProgram = _options.DaemonProgram,
                    CommandProgram = _options.CommandProgram,
                    SocketLink = _options.SocketLink,
                },
                forwarder,
                secret,
                _options.LoggerFactory,
                _options.Time,
                stopping).ConfigureAwait(false);
        }
        catch
        {
            if (forwarder is not null)
            {
                await forwarder.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>The kernel must forward before the first packet comes; what a name stands for is not known yet.</summary>
    private static void EnableForwarding(ProxyConfiguration configuration)
    {
        IPAddress[] destinations = [.. new[] { configuration.DestinationIp, configuration.TargetIp }.OfType<IPAddress>()];
        var isToName = configuration.TargetName.Length > 0 || configuration.DestinationName.Length > 0;
        new KernelSettings().Enable(ForwardingSysctls.Required(destinations, isToName, RouteList.Of(configuration)));
    }

    /// <summary>Older operators put the key into the state Secret.</summary>
    private async Task<LoginCredentials> CredentialsAsync(StateSecret? secret, CancellationToken stopping)
    {
        var credentials = _configuration.Credentials;
        if (secret is null || credentials.AuthKey.Length > 0 || credentials.ClientId.Length > 0 || _configuration.ConfigurationDirectory.Length > 0)
        {
            return credentials;
        }

        var values = await secret.ReadAsync(stopping).ConfigureAwait(false);
        return values.TryGetValue(StateKeys.AuthKey, out var key) ? credentials with { AuthKey = Encoding.UTF8.GetString(key) } : credentials;
    }

    /// <summary>Null for a Pod that issues its certificates itself.</summary>
    private SharedCertificates? OpenSharedCertificates(KubernetesClient client) =>
        _configuration.CertificateShare && !_configuration.IssuesSharedCertificates
            ? new SharedCertificates(client, client.Configuration.Namespace, GroupName(), _options.Time, _options.LoggerFactory.CreateLogger<SharedCertificates>())
            : null;

    /// <summary>Pods of a StatefulSet have its name and a number.</summary>
    private string GroupName() => _configuration.PodName.LastIndexOf('-') is > 0 and var dash ? _configuration.PodName[..dash] : _configuration.PodName;

    private ManagedDevice StartNode(
        ProxyConfiguration configuration, KubernetesClient? client, StateSecret? secret, StateEvents? events, INameResolver resolver, PrometheusExporter metrics)
    {
        INodeStateStore state = secret is not null ? new SecretNodeStateStore(secret, events)
            : _configuration.StateDirectory.Length > 0 ? new FileNodeStateStore(Path.Combine(_configuration.StateDirectory, "tailscaled.state"))
            : new MemoryNodeStateStore();
        if (configuration.DebugAddress is { } debug)
        {
            Log.NoDebugging(_logger, ProxyVariables.DebugAddress, debug);
        }

        return ManagedDevice.Start(new ManagedDeviceOptions
        {
            Node = NodeSettings.Options(configuration) with
            {
                State = state,
                Certificates = client is null ? null : CertificateStore(client, state),
                App = "fairlead-proxy",
                AuthKeyIssuer = _options.AuthKeyIssuer,
                Time = _options.Time,
                LoggerFactory = _options.LoggerFactory,
            },
            ReadNode = () => NodeSettings.Options(configuration),
            EgressPorts = _configuration.EgressPorts,
            BootTimeout = configuration.BootTimeout,
            PodIps = _configuration.PodIps,
            Source = _configuration.PodAddress,
            Resolver = resolver,
            LowPorts = _configuration.LowPorts,
            ServesCluster = _configuration.ClusterTrafficViaIngress,
            SharedCertificates = client is null ? null : OpenSharedCertificates(client),
            Metrics = metrics.Collect,
            Time = _options.Time,
            LoggerFactory = _options.LoggerFactory,
        });
    }

    private ClusterCertificateStore CertificateStore(KubernetesClient client, INodeStateStore state)
    {
        var ns = client.Configuration.Namespace;
        var account = _configuration.AcmeAccountSecret.Length > 0
            ? new AcmeAccountSecret(client, new ObjectKey(ns, _configuration.AcmeAccountSecret), _configuration.AcmeAccountField)
            : null;
        return new ClusterCertificateStore(new StateCertificateStore(state), client, ns, _configuration.CertificateShare, account);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Stopping")]
        public static partial void Stops(ILogger logger);

        [LoggerMessage(2, LogLevel.Information, "{Variable}: nothing is served at {Address}; it would be a tailscaled's profiles")]
        public static partial void NoDebugging(ILogger logger, string variable, IPEndPoint address);
    }
}
