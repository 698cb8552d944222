using System.Collections.Concurrent;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Cookies;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Peers;
using Fairlead.Tailnet.WireGuard.Routing;
using Fairlead.Tailnet.WireGuard.Sessions;
using Fairlead.Tailnet.WireGuard.Timers;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>
/// WireGuard: IP packets in at one side, datagrams that only the right peer can read out at the other, and back. Peers are known by
/// key; the way to each is its <see cref="IPeerPath"/>. Safe to use from several threads; in steady state it allocates nothing per
/// packet and holds no buffer while nothing waits.
/// </summary>
/// <remarks>
/// Packets to send go in through <see cref="IPacketLink"/> and leave as batches through the peers' paths. Datagrams go in through
/// <see cref="IDatagramReceiver"/>, are opened in place, and leave to the receiver after their source address was checked.
/// </remarks>
public sealed partial class WireGuardDevice : IPacketLink, IDatagramReceiver, IDisposable
{
    private readonly IPacketReceiver _receiver;
    private readonly WireGuardOptions _options;
    private readonly Lock _configuring = new();
    private readonly PeerDirectory _peers = new();
    private readonly ConcurrentDictionary<NodePublicKey, Peer> _active = new(concurrencyLevel: 1, capacity: 0);
    private readonly AddressRoutes<ConfiguredPeer> _routes = new();
    private readonly HandshakeLoad _load;
    private readonly SourceRateLimiter _sources;
    private volatile DeviceIdentity _identity;
    private Peer? _awaitingFlush;
    private bool _disposed;

    /// <param name="receiver">Takes the packets of peers.</param>
    public WireGuardDevice(WireGuardOptions options, IPacketReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Mtu, MinMtu, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Mtu, MaxMtu, nameof(options));
        _receiver = receiver;
        _options = options;
        _load = new HandshakeLoad(options.UnprovenHandshakesPerSecond, options.Time);
        _sources = new SourceRateLimiter(options.Time);
        _identity = new DeviceIdentity(options.PrivateKey, options.Time);
        Clock = new ProtocolClock(options.Time, options.Jitter);
        Timer = new DeviceTimer(options.Time, Clock, OnTimer);
    }

    /// <summary>Least that IPv4 demands of a link (RFC 791, 3.2).</summary>
    public const int MinMtu = 68;

    /// <summary>What a UDP datagram carries, without what WireGuard adds.</summary>
    public const int MaxMtu = 65_507 - TransportData.Overhead;

    /// <inheritdoc/>
    public int Mtu => _options.Mtu;

    public NodePublicKey PublicKey => _identity.PublicKey;

    public WireGuardStatistics Statistics => Counters.Snapshot();

    /// <summary>Peers that somebody has talked to; the others have no state.</summary>
    internal int ActivePeers => _active.Count;

    internal ProtocolClock Clock { get; }

    internal DeviceTimer Timer { get; }

    internal TimeProvider Time => _options.Time;

    internal DeviceIdentity Identity => _identity;

    internal SessionIndex Sessions { get; } = new();

    internal DeviceCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> packet)
    {
        if (packet.Length <= Mtu
            && PacketAddresses.TryReadDestination(packet, out var destination)
            && _routes.Find(destination.Address, destination.IsIPv4) is { } peer)
        {
            peer.Activate(this).Send(packet);
        }
        else
        {
            Counters.Unroutable();
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (Volatile.Read(ref _awaitingFlush) is null)
        {
            return;
        }

        for (var peer = Interlocked.Exchange(ref _awaitingFlush, null); peer is not null;)
        {
            // Once flushed, it may be put on the list again by another thread.
            var next = peer.NextAwaitingFlush;
            peer.NextAwaitingFlush = null;
            peer.Flush();
            peer = next;
        }
    }

    public void Dispose()
    {
        lock (_configuring)
        {
            _disposed = true;
            Timer.Dispose();
            foreach (var peer in _peers.All())
            {
                Remove(peer.Key);
            }
        }
    }

    internal void AwaitFlush(Peer peer)
    {
        Peer? first;
        do
        {
            first = Volatile.Read(ref _awaitingFlush);
            peer.NextAwaitingFlush = first;
        }
        while (Interlocked.CompareExchange(ref _awaitingFlush, peer, first) != first);
    }

    /// <summary>From now on the timer looks after the peer.</summary>
    internal void Activated(Peer peer) => _active[peer.Key] = peer;

    private long OnTimer(long now)
    {
        var next = ProtocolClock.Never;
        foreach (var (_, peer) in _active)
        {
            next = Math.Min(next, peer.OnTimer(now));
        }

        return next;
    }
}
