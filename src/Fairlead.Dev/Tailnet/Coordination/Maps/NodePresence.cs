using Fairlead.Dev.Tailnet.Devices;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// Which nodes are connected: one stream each, the newest. Whoever lost its stream goes offline after a grace, and if it is
/// ephemeral is removed after a longer one. One timer serves all of it, and only once there is a node.
/// </summary>
internal sealed class NodePresence(DeviceRegistry devices, MapFeed feed, MapSessions sessions, CoordinationOptions options, TimeProvider time) : IDisposable
{
    // Resolution of the graces, of key expiry and of signs of life.
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, MapStream> _streams = [];
    private readonly Dictionary<string, DateTimeOffset> _lost = [];
    private DateTimeOffset _lastTick;
    private ITimer? _timer;
    private bool _disposed;

    /// <summary>Nodes with a map stream.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _streams.Count;
        }
    }

    public MapStream? Find(string nodeId)
    {
        lock (_gate) return _streams.GetValueOrDefault(nodeId);
    }

    public IReadOnlyList<MapStream> Snapshot()
    {
        lock (_gate) return [.. _streams.Values];
    }

    /// <summary>A node joined: it is offline until it asks for a stream.</summary>
    public void Joined(string nodeId)
    {
        lock (_gate)
        {
            if (!_streams.ContainsKey(nodeId)) _lost.TryAdd(nodeId, time.GetUtcNow());
            StartTimer();
        }
    }

    /// <summary>A stream began; one that the node had before ends.</summary>
    public void Connected(MapStream stream)
    {
        MapStream? older;
        lock (_gate)
        {
            older = _streams.GetValueOrDefault(stream.NodeId);
            _streams[stream.NodeId] = stream;
            _lost.Remove(stream.NodeId);
            StartTimer();
        }
        older?.End();
        devices.Update(stream.NodeId, device => device.Node is { Online: false } or { LastSeen: not null }
            ? device with { Node = device.Node with { Online = true, LastSeen = null } }
            : device);
    }

    /// <summary>A stream ended. Nothing happens if it was not the node's newest.</summary>
    public void Disconnected(MapStream stream)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_streams.GetValueOrDefault(stream.NodeId), stream)) return;
            _streams.Remove(stream.NodeId);
            _lost[stream.NodeId] = time.GetUtcNow();
        }
        if (options.OfflineGrace == TimeSpan.Zero) Review();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer?.Dispose();
        }
    }

    private void StartTimer()
    {
        if (_timer is not null || _disposed) return;
        _lastTick = time.GetUtcNow();
        _timer = time.CreateTimer(_ => OnTick(), null, Tick, Timeout.InfiniteTimeSpan);
    }

    private void OnTick()
    {
        Review();
        sessions.Review();
        foreach (var stream in Snapshot()) stream.KeepAliveAfter(options.KeepAliveInterval);
        var now = time.GetUtcNow();
        if (devices.Snapshot().Any(device => device.IsExpiredAt(now) && !device.IsExpiredAt(_lastTick))) feed.Changed();
        _lastTick = now;
        lock (_gate)
        {
            if (!_disposed) _timer?.Change(Tick, Timeout.InfiniteTimeSpan);
        }
    }

    private void Review()
    {
        var now = time.GetUtcNow();
        KeyValuePair<string, DateTimeOffset>[] lost;
        lock (_gate) lost = [.. _lost];
        foreach (var (nodeId, since) in lost)
        {
            var device = devices.Find(nodeId);
            if (device?.Ephemeral == true && now - since >= options.EphemeralGrace)
            {
                devices.Remove(nodeId);
                device = null;
            }
            if (device is null)
            {
                Forget(nodeId);
                continue;
            }
            if (now - since < options.OfflineGrace) continue;
            devices.Update(nodeId, d => d.Node is { Online: true } node && Find(nodeId) is null
                ? d with { Node = node with { Online = false, LastSeen = since } }
                : d);
            if (!device.Ephemeral) Forget(nodeId);
        }
    }

    private void Forget(string nodeId)
    {
        lock (_gate) _lost.Remove(nodeId);
    }
}
