using System.Runtime.CompilerServices;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Serving;
using Fairlead.Tailnet.Nodes;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Managed;

/// <summary>A device that is a node in this process: no privileges, no TUN device, nothing of the kernel's packet filter.</summary>
internal sealed class ManagedDevice : IProxyDevice
{
    private readonly ManagedDeviceOptions _options;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<TailnetNode> _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly NodeForwarder _forwarder;
    private readonly ServeHost _serve;
    private readonly Task _joining;

    private ManagedDevice(ManagedDeviceOptions options)
    {
        _options = options;
        _forwarder = new NodeForwarder(
            _joined.Task, options.EgressPorts, options.PodIps, options.Source, options.LowPorts, options.Time, options.LoggerFactory.CreateLogger<NodeForwarder>());
        _serve = new ServeHost(_joined.Task, options.ServesCluster ? options.PodIps : [], options.LoggerFactory);
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
        var preferences = _options.ReadPreferences();
        var node = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        node.Use(preferences);
    }

    public Task SetServeConfigAsync(string json, CancellationToken cancellationToken) => _serve.UseAsync(json, cancellationToken);

    public async Task AdvertiseServicesAsync(IReadOnlyList<string> services, CancellationToken cancellationToken)
    {
        var node = await _joined.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        node.Use(_options.ReadPreferences() with { AdvertiseServices = services });
    }

    /// <summary>A node that was refused has ended; it asks nobody any more.</summary>
    public Task DisconnectControlAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<string> MetricsAsync(CancellationToken cancellationToken) => Task.FromResult(_options.Metrics());

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _joining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _forwarder.DisposeAsync().ConfigureAwait(false);
        await _serve.DisposeAsync().ConfigureAwait(false);
        if (_joined.Task.IsCompletedSuccessfully)
        {
            await (await _joined.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        }

        _completion.TrySetResult();
        _stopping.Dispose();
    }

    private async Task JoinAsync()
    {
        await Task.Yield();
        try
        {
            _joined.SetResult(await TailnetNode.StartAsync(_options.Node, _stopping.Token).ConfigureAwait(false));
        }
        catch (TailnetNodeException e)
        {
            _refused.SetResult(e.Message);
        }
        catch (OperationCanceledException)
        {
            // The proxy stops before it joined.
        }
#pragma warning disable CA1031 // Whoever waits for the device's end gets it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _completion.TrySetException(e);
        }
    }
}
