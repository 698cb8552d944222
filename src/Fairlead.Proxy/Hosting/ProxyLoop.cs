using System.Threading.Channels;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.GroupServices;
using Fairlead.Proxy.Registration;
using Fairlead.Proxy.Serving;
using Fairlead.Proxy.State;
using Fairlead.Proxy.Targets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Hosting;

/// <summary>
/// Keeps a running proxy as it should be: takes in what changed (the device, the tailnet, DNS, mounted files), and carries it out in an order
/// that the operator can rely on.
/// </summary>
/// <param name="startedWith">The mounted configuration that the device was started with; null without one.</param>
/// <param name="events">Where people find what is wrong with the Pod; null for nowhere.</param>
/// <param name="reissue">How another auth key is come by; null where there is no operator to ask.</param>
internal sealed partial class ProxyLoop(
    ProxyConfiguration configuration,
    IProxyDevice device,
    byte[]? startedWith,
    IProxyState state,
    StateEvents? events,
    AuthKeyReissue? reissue,
    INameResolver resolver,
    MountedServices services,
    ProxyHealth health,
    TimeProvider time,
    Random random,
    ILogger logger) : IAsyncDisposable
{
    private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly DeviceReport _report = new(state, configuration.AuthOnce);
    private readonly TrafficWays _ways = new(configuration, device.Forwarder, resolver, time, logger);
    private readonly MountedServeConfig _serve = new(configuration, device, state, events, time, logger);

    private volatile DeviceSnapshot? _device;
    private DeviceState _waitsIn;
    private bool _wasRunning;
    private bool _flows;
    private bool _isUp;

    /// <summary>Runs until the device ends, in which case it returns, or it is cancelled.</summary>
    /// <exception cref="ProxyException">It cannot go on.</exception>
    /// <exception cref="ForwardingException">Traffic cannot take the way it should.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var sources = Sources(ending.Token).ToList();
        var turns = TakeTurnsAsync(ending.Token);
        try
        {
            var first = await Task.WhenAny([turns, device.Completion, .. sources]).ConfigureAwait(false);
            await first.ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll([turns, .. sources]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public ValueTask DisposeAsync() => _serve.DisposeAsync();

    private IEnumerable<Task> Sources(CancellationToken cancellationToken)
    {
        yield return FollowDeviceAsync(cancellationToken);
        if (configuration.DestinationName.Length > 0)
        {
            yield return _ways.FollowBackendsAsync(NoteChange, cancellationToken);
        }

        if (configuration.ServeConfigPath.Length > 0)
        {
            yield return _serve.FollowAsync(NoteChange, cancellationToken);
        }

        if (configuration.ConfigurationDirectory.Length > 0)
        {
            yield return new ConfigurationReload(configuration.ConfigurationDirectory, startedWith, device, time, logger).RunAsync(cancellationToken);
        }

        foreach (var following in services.Follow(NoteChange, cancellationToken))
        {
            yield return following;
        }
    }

    private void NoteChange() => _changes.Writer.TryWrite(true);

    private async Task FollowDeviceAsync(CancellationToken cancellationToken)
    {
        await foreach (var snapshot in device.WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            _device = snapshot;
            NoteChange();
        }

        // The device's own end tells why.
        await device.Completion.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task TakeTurnsAsync(CancellationToken cancellationToken)
    {
        using var retry = new OutageRetry(NoteChange, time, random);
        await foreach (var _ in _changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_device is { } snapshot && await TryTurnAsync(snapshot, retry, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }

    /// <inheritdoc cref="TakeTurnAsync"/>
    private async Task<bool> TryTurnAsync(DeviceSnapshot snapshot, OutageRetry retry, CancellationToken cancellationToken)
    {
        try
        {
            var isOver = await TakeTurnAsync(snapshot, cancellationToken).ConfigureAwait(false);
            if (_ways.Refused.IsEmpty)
            {
                retry.Succeeded();
            }
            else
            {
                retry.Failed();
            }

            return isOver;
        }
        catch (Exception e) when (_flows ? ApiOutage.IsCauseOfLate(e) : ApiOutage.IsCauseOf(e))
        {
            if (retry.Failed() is { } wait)
            {
                Log.NotTold(logger, wait.TotalSeconds, e.Message);
            }

            return false;
        }
    }

    /// <returns>Whether the process is to end, to be started anew.</returns>
    private async Task<bool> TakeTurnAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        switch (snapshot.State)
        {
            case DeviceState.Running:
                _wasRunning = true;
                await CarryOutAsync(snapshot, cancellationToken).ConfigureAwait(false);
                return false;
            case DeviceState.NeedsLogin when reissue is null:
                throw new ProxyException($"The tailnet does not let this device in: {snapshot.Problem}");
            case DeviceState.NeedsLogin:
                return await reissue.RunAsync(cancellationToken).ConfigureAwait(false);
            case var waiting when !_wasRunning && waiting != _waitsIn:
                _waitsIn = waiting;
                Log.Waits(logger, waiting, snapshot.Problem);
                return false;
            default:
                return _wasRunning
                    ? throw new ProxyException($"The device left the tailnet: it is {snapshot.State} now. See the tailnet's machine list; if it was removed there, remove its keys from the state Secret.")
                    : false;
        }
    }

    private async Task CarryOutAsync(DeviceSnapshot snapshot, CancellationToken cancellationToken)
    {
        await _report.TellIdAsync(snapshot, cancellationToken).ConfigureAwait(false);
        var plan = services.Plan(_ways.CarriedOf(snapshot));
        if (await _ways.TryUseAsync(snapshot, plan.Rules, cancellationToken).ConfigureAwait(false))
        {
            services.NoteInForce(plan, _ways.Refused);
            _flows = true;
        }

        await _serve.UseAsync(snapshot, cancellationToken).ConfigureAwait(false);
        await services.TellAsync(state, cancellationToken).ConfigureAwait(false);
        if (_ways.AreComplete)
        {
            await _report.TellEndpointsAsync(snapshot, cancellationToken).ConfigureAwait(false);
        }

        health.Note(snapshot.Addresses);
        if (!_isUp && _ways.AreComplete)
        {
            _isUp = true;
            health.NoteStarted();
            Log.Up(logger);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The operator cannot be told what changed, and is told later; traffic flows all the same. Tried again in {Seconds:0.0} s: {Reason}")]
        public static partial void NotTold(ILogger logger, double seconds, string reason);

        [LoggerMessage(2, LogLevel.Information, "The device is not on the tailnet yet but {State}. {Problem}")]
        public static partial void Waits(ILogger logger, DeviceState state, string problem);

        [LoggerMessage(3, LogLevel.Information, "Startup complete, waiting for shutdown signal")]
        public static partial void Up(ILogger logger);
    }
}
