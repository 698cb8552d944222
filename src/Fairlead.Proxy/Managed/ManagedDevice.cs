using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Serving;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Certificates;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>A device that is a node in this process: no privileges, no TUN device, nothing of the kernel's packet filter.</summary>
internal sealed partial class ManagedDevice : IProxyDevice
{
    private readonly ManagedDeviceOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TailnetNode> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeForwarder _forwarder;
    private readonly ServeHost _serve;
    private readonly Task _joining;

    /// <summary>What the proxy wants advertised; null to go by the configuration.</summary>
    private IReadOnlyList<string>? _advertised;
    private TailnetNodePreferences _preferences = new();

    private ManagedDevice(ManagedDeviceOptions options)
    {
        _options = options;
        _logger = options.LoggerFactory.CreateLogger<ManagedDevice>();
        _forwarder = new NodeForwarder(
            _joined.Task, options.EgressPorts, options.PodIps, options.Source, options.LowPorts, options.Time, options.LoggerFactory.CreateLogger<NodeForwarder>());
        var cluster = new ClusterSockets(options.Resolver, options.LowPorts, options.Source);
        _serve = new ServeHost(
            _joined.Task, options.ServesCluster ? options.PodIps : [], options.LowPorts, cluster, options.SharedCertificates, ServingLimits.Default, options.Time, options.LoggerFactory);
        _joining = JoinAsync();
    }

    public ITrafficForwarder Forwarder => _forwarder;

    public Task Completion => _completion.Task;

    /// <summary>Begins to join the tailnet; what becomes of it <see cref="WatchAsync"/> tells.</summary>
    public static ManagedDevice Start(ManagedDeviceOptions options) => new(options);

    public async IAsyncEnumerable<DeviceSnapshot> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return DeviceSnapshot.Empty;
        await Task.WhenAny(_joined.Task, _refused.Task).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_refused.Task.IsCompleted)
        {
            yield return DeviceSnapshot.Empty with { State = DeviceState.NeedsLogin, Problem = await _refused.Task.ConfigureAwait(false) };
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }

        var node = await _joined.Task.ConfigureAwait(false);
        await foreach (var status in node.WatchStatusAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return NodeSnapshot.Of(status, node.NetworkMap);
        }
    }

    public async Task ReloadAsync(CancellationToken cancellationToken)
    {
        var now = _options.ReadNode();
        if (NodeSettings.FixedAtStart(now) != NodeSettings.FixedAtStart(_options.Node))
        {
            throw new ProxyException("ServerURL, acceptRoutes, exitNode or ShieldsUp of the mounted configuration changed; a managed device takes these on at a new start.");
        }

        Use(await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false), TailnetNodePreferences.Of(now));
    }

    public Task SetServeConfigAsync(string json, CancellationToken cancellationToken) => _serve.UseAsync(json, cancellationToken);

    public async Task AdvertiseServicesAsync(IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        var node = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        _advertised = services;
        Use(node, TailnetNodePreferences.Of(_options.ReadNode()));
    }

    public async Task EnsureCertificateAsync(string domain, CancellationToken cancellationToken)
    {
        var node = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await node.GetCertificateAsync(domain, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AcmeException or TailnetNodeException or NodeStateException or IOException or HttpRequestException)
        {
            throw new CertificateUnavailableException(e.Message, e) { RetryAfter = (e as AcmeException)?.RetryAfter, IsTransient = IsTransient(e) };
        }
    }

    /// <summary>A node that was refused has ended; it asks nobody any more.</summary>
    public Task DisconnectControlAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> MetricsAsync(CancellationToken cancellationToken) => Task.FromResult(_options.Metrics());

    public async ValueTask DisposeAsync()
    {
        await WithdrawServicesAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _joining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _forwarder.DisposeAsync().ConfigureAwait(false);
        await _serve.DisposeAsync().ConfigureAwait(false);
        if (_joined.Task.IsCompletedSuccessfully)
        {
            await (await _joined.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        if (_options.SharedCertificates is { } shared)
        {
            await shared.DisposeAsync().ConfigureAwait(false);
        }

        _completion.TrySetResult();
        _stopping.Dispose();
    }

    /// <summary>What was not the authority's answer to the order, but trouble on the way to it.</summary>
    private static bool IsTransient(Exception e) => e switch
    {
        AcmeException refused => refused.IsTransient,
        HttpRequestException or IOException or OperationCanceledException or NodeStateException => true,
        _ => false,
    };

    private void Use(TailnetNode node, TailnetNodePreferences preferences)
    {
        _preferences = _advertised is { } advertised ? preferences with { AdvertiseServices = advertised } : preferences;
        node.Use(_preferences);
    }

    /// <summary>Serves on until clients have been led to other hosts of its services.</summary>
    private async Task WithdrawServicesAsync()
    {
        if (_joined.Task.IsCompletedSuccessfully && _preferences.AdvertiseServices is { Count: > 0 } services)
        {
            Log.Withdraws(_logger, services.Count, ServiceFailOver.Time.TotalSeconds);
            (await _joined.Task.ConfigureAwait(false)).Use(_preferences with { AdvertiseServices = [] });
            await Task.Delay(ServiceFailOver.Time, _options.Time, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync()
    {
        await Task.Yield();
        using var boot = new CancellationTokenSource(_options.BootTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(boot.Token, _stopping.Token);
        try
        {
            _preferences = TailnetNodePreferences.Of(_options.Node);
            _joined.SetResult(await TailnetNode.StartAsync(_options.Node, either.Token).ConfigureAwait(false));
        }
        catch (TailnetNodeException e) when (e.InnerException is SocketException)
        {
            // Nothing that another auth key would mend.
            _completion.TrySetException(new ProxyException(_options.Node.UdpPort > 0 ? $"{ProxyVariables.UdpPort}: {e.Message}" : e.Message, e));
        }
        catch (TailnetNodeException e)
        {
            _refused.SetResult(e.Message);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The proxy stops before it joined.
        }
        catch (OperationCanceledException) when (boot.IsCancellationRequested)
        {
            _completion.TrySetException(new ProxyException(
                $"{ProxyVariables.BootTimeout}: after {_options.BootTimeout.TotalSeconds:0.#} s the device is not on the tailnet. Either {_options.Node.ControlUrl} does not answer, or an administrator of the tailnet has to approve the device; the log before this line says which."));
        }
#pragma warning disable CA1031 // Whoever waits for the device's end gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _completion.TrySetException(e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "{Services} services are withdrawn; waiting {Seconds} s for clients to be led to other hosts")]
        public static partial void Withdraws(ILogger logger, int services, double seconds);
    }
}
