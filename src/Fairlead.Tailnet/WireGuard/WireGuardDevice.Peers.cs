using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Peers;

namespace Fairlead.Tailnet.WireGuard;

/// <summary>Configuration, which may change at any time.</summary>
public sealed partial class WireGuardDevice
{
    /// <summary>Adds a peer, or changes the one with this key; its sessions go on. The node's own key is no peer, and is ignored.</summary>
    /// <exception cref="ArgumentException">The pre-shared key has a wrong length, or the interval is not positive.</exception>
    public void SetPeer(WireGuardPeer peer)
    {
        ArgumentNullException.ThrowIfNull(peer);
        if (peer.PresharedKey.Length is not (0 or Bytes32.Size))
        {
            throw new ArgumentException($"{nameof(peer.PresharedKey)} of {peer.Key} has {peer.PresharedKey.Length} bytes; it must have {Bytes32.Size} or none.", nameof(peer));
        }

        if (peer.PersistentKeepAlive <= TimeSpan.Zero)
        {
            throw new ArgumentException($"{nameof(peer.PersistentKeepAlive)} of {peer.Key} must be positive; null means none.", nameof(peer));
        }

        lock (_configuring)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (peer.Key == PublicKey)
            {
                return;
            }

            var configured = _peers.Find(peer.Key);
            if (configured is null)
            {
                configured = new ConfiguredPeer(peer);
                _peers.Add(configured);
            }
            else
            {
                foreach (var network in configured.Configuration.AllowedNetworks.Except(peer.AllowedNetworks))
                {
                    _routes.Remove(network, configured);
                }

                configured.Configuration = peer;
            }

            foreach (var network in peer.AllowedNetworks)
            {
                _routes.Add(network, configured);
            }

            if (peer.PersistentKeepAlive is not null)
            {
                configured.Activate(this);
            }

            configured.Active?.SetPersistent(Clock.Now);
        }
    }

    /// <returns>False if there is no such peer.</returns>
    public bool RemovePeer(NodePublicKey key)
    {
        lock (_configuring)
        {
            return Remove(key);
        }
    }

    /// <summary>
    /// Gives the node another identity. All sessions end, as they were agreed on with the old one; peers that know the new one agree on new
    /// ones when there is something to send. The old key is no longer used when this returns.
    /// </summary>
    public void SetPrivateKey(NodePrivateKey privateKey)
    {
        ArgumentNullException.ThrowIfNull(privateKey);
        lock (_configuring)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (privateKey.PublicKey == PublicKey)
            {
                return;
            }

            lock (_answering)
            {
                _identity = new DeviceIdentity(privateKey, Time);
            }

            Remove(PublicKey);
            foreach (var (_, peer) in _active)
            {
                peer.OnIdentityChanged();
            }
        }
    }

    /// <summary>Begins a handshake with a peer even if there is nothing to send, unless one has just begun.</summary>
    /// <returns>False if there is no such peer.</returns>
    public bool BeginHandshake(NodePublicKey key)
    {
        if (_peers.Find(key) is not { } peer)
        {
            return false;
        }

        peer.Activate(this).BeginHandshake(Clock.Now, isForced: true);
        return true;
    }

    /// <summary>
    /// Tells that the way to a peer works, e.g. as it was just heard from: a handshake that waits for an answer goes on now rather than after
    /// its timeout, since the initiation was most likely sent before it worked. Rate-limited; may be called as often as there is news, with
    /// any lock held.
    /// </summary>
    /// <param name="roundTrip">How long an answer takes, if it is known; else zero.</param>
    public void PathProven(NodePublicKey key, TimeSpan roundTrip) => _peers.Find(key)?.Active?.HastenRetry(Clock.Now, Clock.Duration(roundTrip));

    /// <summary>
    /// Tells that a peer looks for a way to this node, as one does that has something to send. If no handshake of its follows shortly, its
    /// initiation came before anybody was here to take it, e.g. as this process has just begun, and it will not repeat it for seconds: then one
    /// goes out from here. It is not repeated, and the next not sent before REKEY-TIMEOUT, however often this is called; it may be with any
    /// lock held. Only for what the peer has proven to have said.
    /// </summary>
    public void PeerCalling(NodePublicKey key) => _peers.Find(key)?.Activate(this).ExpectInitiation(Clock.Now);

    /// <summary>
    /// Tells that a peer's process began anew, with no memory of what was agreed on. Where there was a session or one is being asked for, a
    /// new one is agreed on at once, and what is sent waits for it instead of being lost.
    /// </summary>
    public void PeerRestarted(NodePublicKey key) => _peers.Find(key)?.Active?.Renew(Clock.Now);

    private static readonly WireGuardPeerStatus NeverActive = new(null, HasSession: false, 0, 0);

    /// <summary>The peer that packets from an address come from; null if they come from none.</summary>
    /// <param name="address">Of either family, as <see cref="Packets.MappedAddress"/> has them.</param>
    internal NodePublicKey? FindPeer(UInt128 address) => _routes.Find(address, Packets.MappedAddress.IsIPv4(address))?.Key;

    /// <returns>Null if there is no such peer.</returns>
    public WireGuardPeerStatus? GetPeerStatus(NodePublicKey key) => _peers.Find(key) is { } peer ? peer.Active?.Status ?? NeverActive : null;

    private bool Remove(NodePublicKey key)
    {
        if (_peers.Find(key) is not { } peer)
        {
            return false;
        }

        _peers.Remove(peer);
        foreach (var network in peer.Configuration.AllowedNetworks)
        {
            _routes.Remove(network, peer);
        }

        peer.Remove();
        _active.TryRemove(key, out _);
        return true;
    }
}
