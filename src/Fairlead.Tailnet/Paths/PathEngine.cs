using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Timing;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

/// <summary>
/// Decides which way each peer's packets go: directly where that is known to work, through a relay at once where it is not, both ways
/// while it is in doubt. Does no I/O of its own but sending, and holds one deadline for all peers, which is set only while somebody talks.
/// <para>
/// A direct path is trusted for a while after the peer has answered a ping on it that was as long as the largest datagram. Answers count by their unguessable transaction, sealed
/// with the peer's disco key; where a packet comes from counts for nothing but the idea to ping there.
/// </para>
/// </summary>
internal sealed partial class PathEngine : IDisposable
{
    private readonly Lock _lock = new();
    private readonly PeerIndex _peers = new();
    private readonly List<PeerPath> _active = [];
    private readonly HashSet<NodePublicKey> _changed = [];
    private readonly Dictionary<NodePublicKey, TimeSpan> _proven = [];
    private readonly HashSet<NodePublicKey> _calling = [];
    private readonly DiscoPrivateKey _disco;
    private readonly NodePublicKey _node;
    private readonly IDatagramSender _direct;
    private readonly IDatagramSender _relays;
    private readonly IPathEngineHost _host;
    private readonly TimeProvider _time;
    private readonly PathTiming _timing;
    private readonly Deadline _tick;

    /// <summary>What <see cref="_tick"/> is set to.</summary>
    private long _due = long.MaxValue;
    private readonly int _fullPing;
    private WireEndPoint[] _ownEndpoints = [];
    private bool _endpointsWanted;
    private bool _isDisposed;

    /// <param name="disco">Our disco key. Not disposed of here.</param>
    /// <param name="node">Our node key.</param>
    /// <param name="direct">UDP sockets.</param>
    /// <param name="relays">Relay connections.</param>
    /// <param name="largestDatagram">What a path must carry.</param>
    public PathEngine(DiscoPrivateKey disco, NodePublicKey node, IDatagramSender direct, IDatagramSender relays, IPathEngineHost host, TimeProvider time, int largestDatagram)
    {
        _disco = disco;
        _node = node;
        _direct = direct;
        _relays = relays;
        _host = host;
        _time = time;
        _timing = new PathTiming(time);
        _fullPing = Math.Max(DiscoPing.Size, largestDatagram - DiscoPacket.Overhead);
        _tick = new Deadline(time, Tick);
    }

    /// <summary>Whether somebody is talking to a peer.</summary>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
                return _active.Exists(peer => peer.Active!.IsBusy);
        }
    }

    public PeerPath? Find(NodePublicKey node)
    {
        lock (_lock)
            return _peers.TryFind(node, out var peer) ? peer : null;
    }

    /// <summary>Adds a peer or takes on what has changed about it.</summary>
    public PeerPath Set(PathPeer peer)
    {
        PeerPath path;
        lock (_lock)
        {
            if (!_peers.TryFind(peer.Node, out var known))
            {
                known = new PeerPath(this, peer.Node);
                _peers.Add(known);
            }

            path = known;
            var home = peer.IsWireGuardOnly ? 0 : peer.HomeRegion;
            var isMoved = path.HomeRegion != home;
            if (isMoved && path.Active is { } moved)
                moved.LearnedRegion = 0;
            path.HomeRegion = home;
            var disco = peer.IsWireGuardOnly ? default : peer.Disco;
            var isRestarted = path.Disco != disco;
            if (isRestarted)
                ChangeDisco(path, disco);
            path.Endpoints = peer.Endpoints;
            if (path.Active is { } active && (active.Candidates.Replace(PathSources.NetworkMap, [.. peer.Endpoints], active.Best) | isMoved | isRestarted))
                DiscoverAnew(path, active, _time.GetTimestamp());
        }

        Notify();
        return path;
    }

    /// <summary>Removes every peer that is not among these.</summary>
    public void RemoveAllBut(IReadOnlySet<NodePublicKey> nodes)
    {
        lock (_lock)
        {
            foreach (var peer in _peers.All.Where(peer => !nodes.Contains(peer.Node)).ToList())
                Remove(peer);
            _peers.TrimExcess();
        }
    }

    public void Remove(NodePublicKey node)
    {
        lock (_lock)
        {
            if (_peers.TryFind(node, out var peer))
                Remove(peer);
        }
    }

    /// <summary>Our own addresses have changed: who is looking for a direct path to us, or we to them, gets to know them.</summary>
    public void SetOwnEndpoints(IReadOnlyList<LocalEndpoint> endpoints)
    {
        lock (_lock)
        {
            var own = endpoints.Select(endpoint => new WireEndPoint(endpoint.Address.Address, endpoint.Address.Port)).Take(CandidateTable.MaxNamed).ToArray();
            if (own.AsSpan().SequenceEqual(_ownEndpoints))
                return;
            _ownEndpoints = own;
            var now = _time.GetTimestamp();
            foreach (var peer in _active)
            {
                if (peer.Active!.IsBusy && peer.HasDisco && !IsTrusted(peer.Active, now))
                    Discover(peer, peer.Active, now);
            }
        }

        Notify();
    }

    /// <summary>Our network is another: no path is trusted until it has proven itself anew, and all are tried at once.</summary>
    public void NetworkChanged()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            foreach (var peer in _active)
            {
                var active = peer.Active!;
                active.TrustedUntil = 0;
                active.LearnedRegion = 0;
                active.FailedDiscoveries = 0;
                if (active.IsBusy && peer.HasDisco)
                    Discover(peer, active, now, isUrgent: true);
            }

            Arm(now);
        }

        Notify();
    }

    /// <summary>A relay does not have the peer.</summary>
    public void PeerGone(int region, NodePublicKey node)
    {
        lock (_lock)
        {
            if (_peers.TryFind(node, out var peer) && peer.Active is { } active && active.LearnedRegion == region)
                active.LearnedRegion = 0;
        }
    }

    /// <summary>
    /// The connection to a relay is lost. What peers wrote through it says nothing any more: they may have left it, and nobody can tell us.
    /// </summary>
    public void RelayLost(int region)
    {
        lock (_lock)
        {
            foreach (var peer in _active)
            {
                if (peer.Active!.LearnedRegion == region)
                    peer.Active.LearnedRegion = 0;
            }
        }
    }

    public PeerPathStatus? GetStatus(NodePublicKey node)
    {
        lock (_lock)
            return _peers.TryFind(node, out var peer) ? StatusOf(peer) : null;
    }

    public IReadOnlyList<PeerPathStatus> GetStatus()
    {
        lock (_lock)
            return [.. _peers.All.Select(StatusOf)];
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            foreach (var peer in _peers.All.ToList())
                Remove(peer);
        }

        _tick.Dispose();
    }

    private PeerPathStatus StatusOf(PeerPath peer)
    {
        var now = _time.GetTimestamp();
        var best = peer.Active is { } active && IsTrusted(active, now) ? active.Best : null;
        return new PeerPathStatus
        {
            Node = peer.Node,
            CurrentAddress = best?.Address ?? default,
            RelayRegion = RelayOf(peer),
            IsActive = peer.Active is { } used && used.LastSend != 0 && now - used.LastSend < _timing.SessionIdle,
            Latency = best is { LastPong: > 0 } ? _time.GetElapsedTime(0, best.Latency) : null,
            LastPong = best is { LastPong: > 0 } ? _time.GetUtcNow() - _time.GetElapsedTime(best.LastPong, now) : null,
            BytesSentDirect = Volatile.Read(ref peer.BytesSentDirect),
            BytesSentRelayed = Volatile.Read(ref peer.BytesSentRelayed),
        };
    }

    /// <summary>A new disco key is a new process: nothing that the old one proved holds.</summary>
    private void ChangeDisco(PeerPath peer, DiscoPublicKey disco)
    {
        _peers.SetDisco(peer, disco);
        if (peer.Active is not { } active)
            return;
        active.Box?.Dispose();
        active.Box = null;
        SetBest(peer, active, null);
        active.LastHeard = null;
        active.LearnedRegion = 0;
        active.Pings.Clear();
        active.Candidates.Clear();
    }

    private void Remove(PeerPath peer)
    {
        peer.IsRemoved = true;
        _peers.Remove(peer);
        Deactivate(peer);
    }

    private ActivePath Activate(PeerPath peer, long now)
    {
        if (peer.Active is { } active)
            return active;
        active = new ActivePath { LastUsed = now };
        active.Candidates.Replace(PathSources.NetworkMap, [.. peer.Endpoints], null);
        _active.Add(peer);
        peer.Active = active;
        return active;
    }

    private void Deactivate(PeerPath peer)
    {
        if (peer.Active is not { } active)
            return;
        peer.Active = null;
        _active.Remove(peer);
        active.Box?.Dispose();
        foreach (var ping in active.Pings)
            ping.Asked?.TrySetCanceled();
    }

    private static bool IsTrusted(ActivePath active, long now) => active.Best is not null && now < active.TrustedUntil;

    private int RelayOf(PeerPath peer)
    {
        if (peer.Active is { LearnedRegion: > 0 and var learned } && _host.KnowsRegion(learned))
            return learned;
        return peer.HomeRegion != 0 && _host.KnowsRegion(peer.HomeRegion) ? peer.HomeRegion : 0;
    }

    private void SetBest(PeerPath peer, ActivePath active, PathCandidate? best)
    {
        if (best is null)
            active.TrustedUntil = 0;
        if (active.Best == best)
            return;
        active.Best = best;
        _changed.Add(peer.Node);
    }

    /// <summary>Tells what happened while the lock was held.</summary>
    private void Notify()
    {
        NodePublicKey[] changed;
        KeyValuePair<NodePublicKey, TimeSpan>[] proven;
        NodePublicKey[] calling;
        bool wanted;
        lock (_lock)
        {
            if (_changed.Count == 0 && _proven.Count == 0 && _calling.Count == 0 && !_endpointsWanted)
                return;
            changed = [.. _changed];
            _changed.Clear();
            proven = [.. _proven];
            _proven.Clear();
            calling = [.. _calling];
            _calling.Clear();
            wanted = _endpointsWanted;
            _endpointsWanted = false;
        }

        foreach (var node in changed)
            _host.PathChanged(node);
        foreach (var (node, roundTrip) in proven)
            _host.PathProven(node, roundTrip);
        foreach (var node in calling)
            _host.PeerCalling(node);
        if (wanted)
            _host.EndpointsWanted();
    }
}
