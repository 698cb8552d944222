using System.Net.Sockets;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Timing;
using Fairlead.Tailnet.Transport;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Paths;

/// <summary>
/// Keeps what we know of our own network up to date: addresses, reachability, the home region. The network is probed when relays or
/// interfaces change, when the home relay is lost, and while somebody looks for or uses paths; an idle node probes nothing.
/// </summary>
internal sealed partial class NetworkWatch : IAsyncDisposable
{
    // NATs forget UDP mappings after 30 s at the earliest (RFC 4787 section 4.3 asks for 2 minutes; many do worse).
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(25);

    // A relay that restarts is back before this.
    private static readonly TimeSpan HomePatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly PathOptions _options;
    private readonly UdpTransport? _udp;
    private readonly DerpClient _relays;
    private readonly NetChecker _checker;
    private readonly PathEngine _engine;
    private readonly IPathObserver _observer;
    private readonly TimeProvider _time;
    private readonly HomeRegionSelector _selector;
    private readonly Deadline _homeLost;
    private readonly Deadline _refresh;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private DerpMap _map = new();
    private NetworkReport _report = NetworkReport.None;
    private IReadOnlyList<LocalEndpoint> _endpoints = [];
    private IReadOnlyList<UdpAddress> _explicit;
    private Task _checking = Task.CompletedTask;
    private bool _isChecking;
    private bool _isCheckWanted;
    private bool _isHomeWatched;
    private bool _isHomeLost;
    private bool _isStarted;
    private bool _isStopped;
    private long _lastCheck;

    public NetworkWatch(PathOptions options, UdpTransport? udp, DerpClient relays, NetChecker checker, PathEngine engine, IPathObserver observer)
    {
        _options = options;
        _explicit = options.ExplicitEndpoints;
        _udp = udp;
        _relays = relays;
        _checker = checker;
        _engine = engine;
        _observer = observer;
        _time = options.Relays.Time;
        _selector = new HomeRegionSelector(_time);
        _homeLost = new Deadline(_time, HomeLost);
        _refresh = new Deadline(_time, Refresh);
        _log = options.Relays.Logging.CreateLogger<PathManager>();
    }

    public NetworkReport Report
    {
        get
        {
            lock (_lock)
                return _report;
        }
    }

    public IReadOnlyList<LocalEndpoint> Endpoints
    {
        get
        {
            lock (_lock)
                return _endpoints;
        }
    }

    public void Start()
    {
        lock (_lock)
            _isStarted = true;
        if (_options.LocalAddresses is null)
            LocalInterfaces.Shared.Changed += NetworkChanged;
        UpdateEndpoints();
        Check();
    }

    public void SetMap(DerpMap map)
    {
        lock (_lock)
            _map = map;
        Check();
    }

    public void SetExplicitEndpoints(IReadOnlyList<UdpAddress> endpoints)
    {
        lock (_lock)
        {
            _explicit = endpoints;
            if (!_isStarted || _isStopped)
                return;
        }

        UpdateEndpoints();
    }

    /// <summary>What is known of our addresses is about to be used: it is made fresh if it is not.</summary>
    public void EndpointsWanted()
    {
        lock (_lock)
        {
            if (_lastCheck != 0 && _time.GetElapsedTime(_lastCheck) < Freshness)
                return;
        }

        Check();
    }

    public void NetworkChanged()
    {
        lock (_lock)
        {
            if (_isStopped)
                return;
            _selector.Forget();
            _report = NetworkReport.None;
        }

        try
        {
            _udp?.Rebind();
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Relays still work, and the next change of the network tries again.
            LogRebindFailed(_log, e.Message);
        }

        _relays.NetworkChanged();
        _observer.NetworkChanged();
        UpdateEndpoints();
        _engine.NetworkChanged();
        Check();
    }

    public void RelayChanged(int region)
    {
        if (region != _relays.Home)
            return;
        if (_relays.IsConnected(region))
        {
            _homeLost.Clear();
            lock (_lock)
                _isHomeWatched = _isHomeLost = false;
            _observer.HomeRelayChanged(region, null);
        }
        else
        {
            lock (_lock)
            {
                if (_isStopped || _isHomeWatched)
                    return;
                _isHomeWatched = true;
            }

            _homeLost.Set(HomePatience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        LocalInterfaces.Shared.Changed -= NetworkChanged;
        Task checking;
        lock (_lock)
        {
            _isStopped = true;
            checking = _checking;
        }

        _homeLost.Dispose();
        _refresh.Dispose();
        await _stop.CancelAsync().ConfigureAwait(false);
        await checking.ConfigureAwait(false);
        _stop.Dispose();
    }

    private void HomeLost()
    {
        var home = _relays.Home;
        lock (_lock)
        {
            _isHomeWatched = false;
            _isHomeLost = !_relays.IsConnected(home);
            if (!_isHomeLost || _isStopped)
                return;
        }

        _observer.HomeRelayChanged(home, _relays.ProblemOf(home));
        Check();
    }

    private void Refresh()
    {
        if (_engine.IsBusy)
            Check();
    }

    /// <summary>Probes the network, or again once the probe under way has ended.</summary>
    private void Check()
    {
        lock (_lock)
        {
            if (_isStopped || !_isStarted || _map.Regions is null)
                return;
            _isCheckWanted = true;
            if (_isChecking)
                return;
            _isChecking = true;
            _checking = Task.Run(CheckAsync);
        }
    }

    private async Task CheckAsync()
    {
        while (true)
        {
            DerpMap map;
            lock (_lock)
            {
                if (!_isCheckWanted || _isStopped)
                {
                    _isChecking = false;
                    return;
                }

                _isCheckWanted = false;
                _lastCheck = _time.GetTimestamp();
                map = _map;
            }

            try
            {
                Use(map, await _checker.RunAsync(map, _udp?.HasIPv4 == true, _udp?.HasIPv6 == true, _stop.Token).ConfigureAwait(false));
            }
            catch (OperationCanceledException)
            {
                // Stopping; the check above ends the loop.
            }
        }
    }

    private void Use(DerpMap map, NetworkReport report)
    {
        int home;
        lock (_lock)
        {
            _report = report;
            home = _selector.Choose(_isHomeLost ? Without(map, _relays.Home) : map, report, _relays.Home, _relays.IsConnected(_relays.Home));
            if (home == 0)
                home = _relays.Home;
            _isHomeLost = false;
        }

        _relays.SetHome(home);

        // One that is connected already says nothing more.
        if (_relays.IsConnected(home))
            _observer.HomeRelayChanged(home, null);
        UpdateEndpoints();
        _observer.NetworkChecked(report, home);
        _refresh.Set(Freshness);
    }

    private static DerpMap Without(DerpMap map, int region) =>
        map with { Regions = map.Regions!.Where(entry => entry.Key != region).ToDictionary() };

    private void UpdateEndpoints()
    {
        IReadOnlyList<LocalEndpoint> endpoints = [];
        lock (_lock)
        {
            if (_udp is not null)
            {
                endpoints = EndpointCollector.Collect(
                    _explicit, _options.LocalAddresses ?? LocalInterfaces.Shared.Addresses, _report, _udp.Port, _udp.HasIPv4, _udp.HasIPv6);
            }

            if (endpoints.SequenceEqual(_endpoints))
                return;
            _endpoints = endpoints;
        }

        _engine.SetOwnEndpoints(endpoints);
        _observer.EndpointsChanged(endpoints);
    }

    [LoggerMessage(1, LogLevel.Warning, "The UDP sockets could not be bound after a change of the network; only relays are used: {Reason}")]
    private static partial void LogRebindFailed(ILogger logger, string reason);
}
