using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Devices;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Hosting;
using Fairlead.Proxy.Netfilter.TunDevices;
using Fairlead.Proxy.State;
using Fairlead.Proxy.Tailscaled.Login;
using Fairlead.Proxy.Tailscaled.Processes;
using Fairlead.Proxy.Tailscaled.Status;
using Fairlead.Tailscale.LocalApi;
using Microsoft.Extensions.Logging;

namespace Fairlead.Proxy.Tailscaled;

/// <summary>
/// A device that a tailscaled carries: supervised as a child process, driven by its configuration file and its LocalAPI. Disposing withdraws
/// what others rely on first, and stops it then.
/// </summary>
internal sealed partial class TailscaledDevice : IProxyDevice
{
    /// <summary>The daemon logs an ephemeral device out when it stops; a kubelet waits no longer than about this.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    /// <summary>An order waits for DNS and for the authority.</summary>
    private static readonly TimeSpan CertificatePatience = TimeSpan.FromMinutes(30);

    private static readonly TimeSpan SocketInterval = TimeSpan.FromMilliseconds(100);

    private readonly TailscaledOptions _options;
    private readonly StateSecret? _state;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly LoginCommand _login;
    private readonly DaemonLog _daemonLog;
    private readonly ChildProcess _daemon;
    private readonly LocalApiClient _api;
    private readonly StatusFollower _follower;

    /// <summary>As the daemon says.</summary>
    private readonly SnapshotFeed _raw = new();

    /// <summary>As the proxy is to see it: a device is running when all is done that has to be done first.</summary>
    private readonly SnapshotFeed _feed = new();

    private readonly CancellationTokenSource _ending = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _work = Task.CompletedTask;
    private volatile bool _isStopping;
    private int _disposed;

    private TailscaledDevice(TailscaledOptions options, ITrafficForwarder? forwarder, StateSecret? state, ILoggerFactory loggers, TimeProvider time)
    {
        _options = options;
        Forwarder = forwarder ?? new UserspaceForwarder();
        _state = state;
        _time = time;
        _logger = loggers.CreateLogger<TailscaledDevice>();
        _login = new LoginCommand(options, loggers.CreateLogger("tailscale"));
        _daemonLog = new DaemonLog(loggers.CreateLogger("tailscaled"), options.Configuration.Credentials);
        var configuration = options.Configuration;
        _daemon = ChildProcess.Start(
            options.DaemonProgram,
            DaemonCommandLine.Arguments(configuration),
            DaemonCommandLine.Environment(configuration, options.Environment),
            _daemonLog.Write);
        _api = new LocalApiClient(new LocalApiOptions { Socket = configuration.Socket, Time = time });
        _follower = new StatusFollower(_api, _raw, time, _logger);
    }

    public ITrafficForwarder Forwarder { get; }

    public Task Completion => _completion.Task;

    private bool UsesConfigurationFile => _options.Configuration.ConfigurationDirectory.Length > 0;

    /// <summary>Starts the daemon and returns when it answers; logging in goes on, and shows in the snapshots.</summary>
    /// <param name="forwarder">Forwards by the kernel; belongs to the device that is returned; null for a daemon in userspace mode.</param>
    /// <param name="state">Secret that the daemon keeps its state in; null if that is elsewhere.</param>
    /// <exception cref="ProxyException">It cannot be started, or does not answer within <see cref="ProxyConfiguration.BootTimeout"/>.</exception>
    /// <exception cref="ForwardingException">There is no TUN device.</exception>
    public static async Task<TailscaledDevice> StartAsync(
        TailscaledOptions options, ITrafficForwarder? forwarder, StateSecret? state, ILoggerFactory loggers, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!options.Configuration.Userspace)
        {
            TunDeviceFile.Ensure();
        }

        var boot = new CancellationTokenSource(options.Configuration.BootTimeout, time);
        var device = new TailscaledDevice(options, forwarder, state, loggers, time);
        try
        {
            await device.AnswersAsync(boot.Token, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            boot.Dispose();
            await device.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        new SocketLink(options.Configuration.Socket, options.SocketLink, device._logger).Make();
        device._work = device.WorkAsync(boot);
        return device;
    }

    public IAsyncEnumerable<DeviceSnapshot> WatchAsync(CancellationToken cancellationToken) => _feed.ReadAsync(cancellationToken);

    public Task ReloadAsync(CancellationToken cancellationToken) =>
        CallAsync("take on the changed configuration file", () => _api.ReloadConfigAsync(cancellationToken));

    public Task SetServeConfigAsync(string json, CancellationToken cancellationToken) =>
        CallAsync("take on the serve configuration", () => _api.SetServeConfigAsync(json, etag: null, cancellationToken));

    public Task AdvertiseServicesAsync(IReadOnlyList<string> services, CancellationToken cancellationToken) =>
        CallAsync("advertise its services", () => _api.EditPreferencesAsync(new PreferencesPatch { AdvertiseServices = services }, cancellationToken));

    public async Task EnsureCertificateAsync(string domain, CancellationToken cancellationToken)
    {
        try
        {
            await _api.GetCertificateAsync(domain, TimeSpan.Zero, CertificatePatience, cancellationToken).ConfigureAwait(false);
        }
        catch (LocalApiException e)
        {
            throw new CertificateUnavailableException(e.Detail, e) { RetryAfter = e.RetryAfter, IsTransient = e.StatusCode is null };
        }
    }

    public Task DisconnectControlAsync(CancellationToken cancellationToken) =>
        CallAsync("leave the control plane alone", () => _api.DisconnectControlAsync(cancellationToken));

    public Task<string> MetricsAsync(CancellationToken cancellationToken) => _api.GetUserMetricsAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        if (!_daemon.Exit.IsCompleted && !_work.IsCompleted)
        {
            // A daemon that ends by itself meanwhile has nothing left to be done for.
            await Task.WhenAny(new OrderlyStop(_api, _state, _time, _logger).PrepareAsync(), _daemon.Exit).ConfigureAwait(false);
        }

        _isStopping = true;
        await _ending.CancelAsync().ConfigureAwait(false);
        _daemon.Signal(LinuxSignal.Terminate);
        try
        {
            await _daemon.Exit.WaitAsync(StopPatience, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Log.Killed(_logger, StopPatience.TotalSeconds);
        }

        await _daemon.DisposeAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(false);
        _feed.End();
        _completion.TrySetResult();
        await Forwarder.DisposeAsync().ConfigureAwait(false);
        _api.Dispose();
        _ending.Dispose();
    }

    private async Task AnswersAsync(CancellationToken boot, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(boot, cancellationToken);
        while (true)
        {
            if (_daemon.Exit.IsCompleted)
            {
                throw await DaemonEndedAsync().ConfigureAwait(false);
            }

            try
            {
                await _api.GetStatusAsync(peers: false, either.Token).ConfigureAwait(false);
                return;
            }
            catch (LocalApiException)
            {
                // No socket yet, or no backend behind it.
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw NotInTime($"tailscaled does not answer at {_options.Configuration.Socket}");
            }

            // Ends early if the daemon does.
            await Task.WhenAny(Task.Delay(SocketInterval, _time, CancellationToken.None), _daemon.Exit).ConfigureAwait(false);
        }
    }

    /// <summary>Ends when the device does, by itself or not; the first failure completes the device.</summary>
    private async Task WorkAsync(CancellationTokenSource boot)
    {
        using (boot)
        {
            var token = _ending.Token;
            List<Task> tasks = [ExitAsync(), _follower.RunAsync(token), PresentAsync(token), LoginAsync(token), BootAsync(boot.Token, token)];
            while (tasks.Count > 0)
            {
                var ended = await Task.WhenAny(tasks).ConfigureAwait(false);
                tasks.Remove(ended);
                try
                {
                    await ended.ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    // The device is being disposed, or has ended.
                }
                catch (Exception e)
                {
                    _completion.TrySetException(e);
                    _feed.End();
                }
            }
        }
    }

    private async Task ExitAsync()
    {
        var exit = await _daemon.Exit.ConfigureAwait(false);
        try
        {
            if (!_isStopping)
            {
                if (exit.Code != 0)
                {
                    throw await DaemonEndedAsync().ConfigureAwait(false);
                }

                Log.Ended(_logger);
                _completion.TrySetResult();
            }
        }
        finally
        {
            _feed.End();
            await _ending.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task PresentAsync(CancellationToken cancellationToken)
    {
        var wasRunning = false;
        await foreach (var snapshot in _raw.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!wasRunning && snapshot.State == DeviceState.Running)
            {
                await PrepareAsync(cancellationToken).ConfigureAwait(false);
                wasRunning = true;
            }

            // Until the command line has logged it in, it is not refused: it has not been asked.
            _feed.Publish(!wasRunning && !UsesConfigurationFile && snapshot.State == DeviceState.NeedsLogin
                ? snapshot with { State = DeviceState.Starting, Problem = "" }
                : snapshot);
        }
    }

    /// <summary>What has to be done before anybody relies on the device.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var configuration = _options.Configuration;
        if (configuration.AuthOnce)
        {
            await _login.SetAsync(cancellationToken).ConfigureAwait(false);
        }

        if (configuration.ServeConfigPath.Length > 0)
        {
            // An earlier Pod's may lead to where nobody listens any more.
            await SetServeConfigAsync("{}", cancellationToken).ConfigureAwait(false);
        }

        if (configuration.ForwardingOptimizations)
        {
            await OptimizeForwardingAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task OptimizeForwardingAsync(CancellationToken cancellationToken)
    {
        string warning;
        try
        {
            warning = await _api.SetUdpGroForwardingAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LocalApiException e)
        {
            // Traffic is slower without, but it flows.
            warning = e.Detail;
        }

        if (warning.Length > 0)
        {
            Log.NotOptimized(_logger, warning);
        }
    }

    private async Task LoginAsync(CancellationToken cancellationToken)
    {
        if (UsesConfigurationFile)
        {
            return;
        }

        if (_options.Configuration.AuthOnce)
        {
            await foreach (var snapshot in _raw.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                if (snapshot.State is DeviceState.Running or DeviceState.NeedsMachineAuth)
                {
                    return;
                }

                if (snapshot.State == DeviceState.NeedsLogin)
                {
                    break;
                }
            }
        }

        await _login.UpAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A device that is refused has its answer, and may wait for another key; one that has none must not wait for ever.</summary>
    private async Task BootAsync(CancellationToken boot, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(boot, cancellationToken);
        try
        {
            await foreach (var snapshot in _feed.ReadAsync(either.Token).ConfigureAwait(false))
            {
                if (snapshot.State is DeviceState.Running or DeviceState.NeedsLogin)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var snapshot = _feed.Current;
            var trouble = _follower.LoginTrouble.Length > 0 ? _follower.LoginTrouble : snapshot.Problem;
            throw NotInTime($"the device is not on the tailnet but {snapshot.State}{(trouble.Length > 0 ? $": {trouble}" : "")}");
        }
    }

    private ProxyException NotInTime(string what) =>
        new($"{ProxyVariables.BootTimeout}: after {_options.Configuration.BootTimeout.TotalSeconds:0.#} s {what}. Last of its log: {_daemonLog.LastLines}");

    private async Task<ProxyException> DaemonEndedAsync()
    {
        var exit = await _daemon.Exit.ConfigureAwait(false);
        await _daemon.OutputEnd.ConfigureAwait(false);
        return new ProxyException($"tailscaled ended with {exit}. Last of its log: {_daemonLog.LastLines}");
    }

    private static async Task CallAsync(string what, Func<Task> callAsync)
    {
        try
        {
            await callAsync().ConfigureAwait(false);
        }
        catch (LocalApiException e)
        {
            throw new ProxyException($"tailscaled does not {what}: {e.Detail}", e);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "tailscaled did not end within {Seconds} s and is killed")]
        public static partial void Killed(ILogger logger, double seconds);

        [LoggerMessage(2, LogLevel.Warning, "tailscaled has ended by itself")]
        public static partial void Ended(ILogger logger);

        [LoggerMessage(3, LogLevel.Warning, "UDP is not forwarded in batches: {Warning}")]
        public static partial void NotOptimized(ILogger logger, string warning);
    }
}
