using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// The current view of the tailnet, and the signal that there is a newer one. A change only marks the view as old; it is made anew
/// by the first stream that looks, and each stream goes from what it sent last to what is there now. So no change is lost, and
/// what came and went in between costs nothing.
/// </summary>
internal sealed class MapFeed : IDisposable
{
    // A round of messages to so many streams takes about as long as the default window on one core: with more, the window grows,
    // so that rounds leave time for what nodes ask.
    private const double StreamsPerWindow = 100;

    private readonly Lock _gate = new();
    private readonly Lock _building = new();
    private readonly HashSet<MapSignal> _listeners = [];
    private readonly TailnetViewBuilder _builder;
    private readonly TimeProvider _time;
    private readonly TimeSpan _window;
    private ITimer? _timer;
    private bool _pending;
    private long _published;
    private bool _everPublished;
    private DerpMap _derpMap = new() { Regions = new Dictionary<int, DerpRegion?>(), OmitDefaultRegions = true };
    private TailnetView? _view;
    private long _version;
    private long _viewVersion;

    public MapFeed(TailnetViewBuilder builder, TimeProvider time, TimeSpan window)
    {
        _builder = builder;
        _time = time;
        _window = window;
    }

    public DerpMap DerpMap
    {
        get
        {
            lock (_gate) return _derpMap;
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            lock (_gate) _derpMap = value;
            Changed();
        }
    }

    public TailnetView Current
    {
        get
        {
            lock (_building)
            {
                // Read first: a change during the building makes the view old again.
                var version = Volatile.Read(ref _version);
                if (_view is null || _viewVersion != version)
                {
                    _view = _builder.Build(DerpMap);
                    _viewVersion = version;
                }
                return _view;
            }
        }
    }

    public void Listen(MapSignal signal)
    {
        lock (_gate) _listeners.Add(signal);
    }

    public void Forget(MapSignal signal)
    {
        lock (_gate) _listeners.Remove(signal);
    }

    /// <summary>Something that a view is made of is different now.</summary>
    public void Changed()
    {
        Interlocked.Increment(ref _version);
        lock (_gate)
        {
            if (_pending || _listeners.Count == 0) return;
            var since = _everPublished ? _time.GetElapsedTime(_published) : TimeSpan.MaxValue;
            var window = _window * Math.Max(1, _listeners.Count / StreamsPerWindow);
            if (since < window)
            {
                _pending = true;
                _timer ??= _time.CreateTimer(_ => Publish(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                _timer.Change(window - since, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        Publish();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _listeners.Clear();
            _timer?.Dispose();
        }
    }

    private void Publish()
    {
        lock (_gate)
        {
            _pending = false;
            _everPublished = true;
            _published = _time.GetTimestamp();
            foreach (var listener in _listeners) listener.Set();
        }
    }
}
