using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Protocol.Stun;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Paths;

/// <summary>
/// All ways between a node and its peers: its UDP sockets, its relays, and the choice between them. Takes what comes in, keeps path
/// discovery and STUN for itself and hands the rest to WireGuard; gives WireGuard a path per peer to send on.
/// </summary>
public sealed class PathManager : IDerpObserver, IAsyncDisposable
{
    private const int MaxDatagram = 9216;

    private readonly IDatagramReceiver _wireGuard;
    private readonly IPathObserver _observer;
    private readonly UdpTransport? _udp;
    private readonly DerpClient _relays;
    private readonly NetChecker _checker;
    private readonly PathEngine _engine;
    private readonly NetworkWatch _watch;

    /// <param name="node">Identity on relays and in pings. Not disposed of here.</param>
    /// <param name="disco">Key of path discovery. Not disposed of here.</param>
    /// <param name="wireGuard">Gets all that is neither path discovery nor STUN.</param>
    /// <param name="udp">The sockets, not started; null to use relays alone. Not disposed of here.</param>
    public PathManager(
        NodePrivateKey node, DiscoPrivateKey disco, IDatagramReceiver wireGuard, IPathObserver observer, UdpTransport? udp, PathOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(disco);
        options ??= new PathOptions();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.LargestDatagram, MaxDatagram, nameof(options));
        _wireGuard = wireGuard;
        _observer = observer;
        _udp = udp;
        IDatagramSender direct = udp is null ? NoSender.Instance : udp;
        _relays = new DerpClient(node, this, options.Relays);
        _checker = new NetChecker(direct, options.Relays);
        _engine = new PathEngine(disco, node.PublicKey, direct, _relays, new Host(this), options.Relays.Time, options.LargestDatagram);
        _watch = new NetworkWatch(options, udp, _relays, _checker, _engine, observer);
    }

    /// <summary>Where peers may reach us, as far as is known.</summary>
    public IReadOnlyList<LocalEndpoint> Endpoints => _watch.Endpoints;

    /// <summary>What the last probe of the network found.</summary>
    public NetworkReport Network => _watch.Report;

    /// <summary>The home region; 0 for none.</summary>
    public int HomeRegion => _relays.Home;

    /// <summary>Begins to receive. Until a map names relays there are only direct paths.</summary>
    public void Start()
    {
        _udp?.Start(this);
        _watch.Start();
    }

    /// <summary>Takes on the tailnet's relays; the first time, or when they have changed, the network is probed.</summary>
    public void SetRelays(DerpMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _relays.SetMap(map);
        _watch.SetMap(map);
    }

    /// <summary>Takes on other endpoints to tell peers: see <see cref="PathOptions.ExplicitEndpoints"/>.</summary>
    public void SetExplicitEndpoints(IReadOnlyList<UdpAddress> endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        _watch.SetExplicitEndpoints(endpoints);
    }

    /// <summary>Takes on all peers; those not among them are removed.</summary>
    public void SetPeers(IReadOnlyCollection<PathPeer> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        _engine.RemoveAllBut(peers.Select(peer => peer.Node).ToHashSet());
        foreach (var peer in peers)
            _engine.Set(peer);
    }

    /// <summary>Adds a peer, or takes on what has changed about it.</summary>
    /// <returns>The path to it, the same as long as it stays.</returns>
    public IPeerPath SetPeer(PathPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return _engine.Set(peer);
    }

    public void RemovePeer(NodePublicKey node) => _engine.Remove(node);

    /// <summary>The path to a peer; null if there is no such peer.</summary>
    public IPeerPath? Find(NodePublicKey node) => _engine.Find(node);

    /// <summary>How a peer is reached; null if there is no such peer.</summary>
    public PeerPathStatus? GetStatus(NodePublicKey node) => _engine.GetStatus(node);

    public IReadOnlyList<PeerPathStatus> GetStatus() => _engine.GetStatus();

    public IReadOnlyList<DerpRegionStatus> GetRelayStatus() => _relays.GetStatus();

    /// <summary>Answers whoever sent something, peer or not, on the way it came.</summary>
    public void Reply(in PathAddress to, ReadOnlySpan<byte> datagram)
    {
        if (to.IsDerp)
            _relays.Send(to, datagram, datagram.Length);
        else
            _udp?.Send(to, datagram, datagram.Length);
    }

    /// <summary>Measures the way to a peer. Where there is no direct path yet, all are tried, and the first answer counts.</summary>
    /// <exception cref="KeyNotFoundException">There is no such peer, or it cannot be pinged.</exception>
    /// <exception cref="OperationCanceledException">No answer came in the time given.</exception>
    public Task<PathPong> PingAsync(NodePublicKey node, CancellationToken ct) => _engine.PingAsync(node, ct);

    /// <summary>The network is another than before: sockets and relay connections are made anew, all paths prove themselves anew.</summary>
    public void NetworkChanged() => _watch.NetworkChanged();

    /// <inheritdoc/>
    public void Receive(Span<byte> datagram, in PathAddress from)
    {
        if (DiscoPacket.IsDisco(datagram))
            _engine.ReceiveDisco(datagram, from);
        else if (!from.IsDerp && IsStun(datagram))
            _checker.Receive(datagram, from.Udp);
        else
            _wireGuard.Receive(datagram, from);
    }

    /// <inheritdoc/>
    public void EndOfBatch() => _wireGuard.EndOfBatch();

    /// <inheritdoc/>
    public void PeerGone(int region, NodePublicKey node, DerpPeerGoneReason reason) => _engine.PeerGone(region, node);

    /// <inheritdoc/>
    public void ConnectionChanged(int region)
    {
        if (!_relays.IsConnected(region))
            _engine.RelayLost(region);
        _watch.RelayChanged(region);
        _observer.RelayChanged(region);
    }

    public async ValueTask DisposeAsync()
    {
        await _watch.DisposeAsync().ConfigureAwait(false);
        _engine.Dispose();
        await _relays.DisposeAsync().ConfigureAwait(false);
    }

    // The bytes after the first are zero in every WireGuard message, and never all zero in an answer of a STUN server.
    private static bool IsStun(ReadOnlySpan<byte> datagram) => StunMessage.IsStun(datagram) && datagram[1..4].ContainsAnyExcept((byte)0);

    private sealed class Host(PathManager manager) : IPathEngineHost
    {
        public bool KnowsRegion(int region) => manager._relays.Knows(region);

        public void EndpointsWanted() => manager._watch.EndpointsWanted();

        public void PathProven(NodePublicKey node, TimeSpan roundTrip) => manager._observer.PathProven(node, roundTrip);

        public void PeerCalling(NodePublicKey node) => manager._observer.PeerCalling(node);

        // Who sends may hold a lock of WireGuard's, which the observer may want too.
        public void PathChanged(NodePublicKey node) =>
            ThreadPool.UnsafeQueueUserWorkItem(static change => change.Observer.PathChanged(change.Node), (Observer: manager._observer, Node: node), preferLocal: false);
    }
}
