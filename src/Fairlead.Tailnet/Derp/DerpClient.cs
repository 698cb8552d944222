using System.Collections.Concurrent;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Derp;

/// <summary>
/// A node's connections to relays: always one to its home region, where peers reach it, and others while it writes to peers whose home
/// they are. Thread-safe.
/// </summary>
/// <param name="node">The node's identity on relays. Not disposed of here.</param>
/// <param name="observer">Gets what comes.</param>
public sealed class DerpClient(NodePrivateKey node, IDerpObserver observer, DerpClientOptions options) : IDatagramSender, IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly DerpConnector _connector = new(node, options);
    private readonly ConcurrentDictionary<int, DerpRegionLink> _links = new();
    private readonly List<Task> _stopping = [];
    private int _home;
    private bool _isDisposed;

    /// <summary>The home region; 0 for none.</summary>
    public int Home => Volatile.Read(ref _home);

    /// <summary>Whether the map names the region. Only then is something sent to it.</summary>
    public bool Knows(int region) => _links.ContainsKey(region);

    public bool IsConnected(int region) => _links.TryGetValue(region, out var link) && link.IsConnected;

    /// <summary>What the last attempt to connect failed with; empty if there was none, or none that failed.</summary>
    public string ProblemOf(int region) => _links.TryGetValue(region, out var link) ? link.Status.Problem : "";

    public IReadOnlyList<DerpRegionStatus> GetStatus() => [.. _links.Values.Select(link => link.Status)];

    /// <summary>Takes on a map. Connections that it still allows stay.</summary>
    public void SetMap(DerpMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var regions = map.Regions ?? new Dictionary<int, DerpRegion?>();
        lock (_lock)
        {
            if (_isDisposed)
                return;
            foreach (var (id, link) in _links)
            {
                if (regions.GetValueOrDefault(id) is null && _links.TryRemove(id, out _))
                    Stop(link);
            }

            foreach (var (id, region) in regions)
            {
                // 0 means "no region" everywhere; one so named could never be addressed.
                if (region is null || id == 0)
                    continue;
                var named = region with { RegionID = id };
                if (_links.TryGetValue(id, out var link))
                    link.SetRegion(named);
                else
                    _links[id] = new DerpRegionLink(named, _connector, observer, options);
            }

            if (_links.TryGetValue(_home, out var home))
                home.SetHome(true);
        }
    }

    /// <summary>Moves the node to another home region, or to none with 0. The connection to the old one stays until it is idle.</summary>
    public void SetHome(int region)
    {
        lock (_lock)
        {
            if (_home == region || _isDisposed)
                return;
            if (_links.TryGetValue(_home, out var old))
                old.SetHome(false);
            Volatile.Write(ref _home, region);
            if (_links.TryGetValue(region, out var link))
                link.SetHome(true);
        }
    }

    /// <summary>The network has changed: connections are made anew.</summary>
    public void NetworkChanged()
    {
        foreach (var link in _links.Values)
            link.Reconnect();
    }

    public void Send(in PathAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(datagramSize);
        if (_links.TryGetValue(to.DerpRegion, out var link))
            link.Send(to.Node, datagrams, datagramSize);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                foreach (var link in _links.Values)
                    Stop(link);
                _links.Clear();
            }
        }

        await Task.WhenAll(_stopping).ConfigureAwait(false);
    }

    private void Stop(DerpRegionLink link)
    {
        _stopping.RemoveAll(ended => ended.IsCompleted);
        _stopping.Add(link.DisposeAsync().AsTask());
    }
}
