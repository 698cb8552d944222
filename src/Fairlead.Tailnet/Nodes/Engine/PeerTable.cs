using System.Net;
using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Nodes.Routing;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>
/// Keeps the peers of the tunnel, and of the paths below it, as the network map has them, and as long as their keys are good. Not safe for
/// several threads.
/// </summary>
/// <param name="now">The time by which keys expire: the server's.</param>
/// <param name="refused">Told of peers that cannot be had as the map has them; the others are none the worse for it.</param>
internal sealed class PeerTable(WireGuardDevice tunnel, PeerRoutes routes, Func<DateTimeOffset> now, Action<Node, Exception> refused)
{
    /// <summary>What could not be had is tried again after this, though nothing about it changes.</summary>
    private static readonly TimeSpan NextTry = TimeSpan.FromMinutes(1);

    /// <summary>The ways to a peer are the same for all nodes of this process that are told of it, as the peer's object is.</summary>
    private static readonly ConditionalWeakTable<Node, PathPeer> Usual = [];

    /// <summary>Those in the tunnel.</summary>
    private readonly Dictionary<long, Node> _known = [];
    private readonly Dictionary<long, string> _masquerading = [];
    private long _exitNode;

    /// <summary>When to call <see cref="Recheck"/>: as the next key expires, or earlier.</summary>
    public DateTimeOffset NextCheck { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Names of the peers left out because they know this node by an address that is not its own.</summary>
    public IReadOnlyCollection<string> Masquerading => _masquerading.Values;

    public void Apply(PathManager paths, NetworkMap map, NetworkMapChange change)
    {
        Remove(paths, map, [.. change.PeersRemoved.Select(gone => gone.ID)]);
        var exit = routes.ExitNodeOf(map)?.ID ?? 0;
        foreach (var peer in change.PeersAdded.Concat(change.PeersChanged))
        {
            Set(paths, map, peer, exit);
        }

        if (exit != _exitNode)
        {
            foreach (var peer in new[] { map.FindPeer(_exitNode), map.FindPeer(exit) }.OfType<Node>())
            {
                _known.Remove(peer.ID);
                Set(paths, map, peer, exit);
            }

            _exitNode = exit;
        }
    }

    /// <summary>Sets all peers anew, on paths that know none of them.</summary>
    public void Reset(PathManager paths, NetworkMap map)
    {
        _known.Clear();
        _exitNode = routes.ExitNodeOf(map)?.ID ?? 0;
        foreach (var peer in map.Peers)
        {
            Set(paths, map, peer, _exitNode);
        }
    }

    /// <summary>Ends peers whose keys have expired meanwhile, and takes in those that can be had now.</summary>
    public void Recheck(PathManager paths, NetworkMap map)
    {
        NextCheck = DateTimeOffset.MaxValue;
        var time = now();
        foreach (var peer in map.Peers)
        {
            if (!_known.TryGetValue(peer.ID, out var known) || !ReferenceEquals(known, peer) || peer.IsExpiredAt(time))
            {
                Set(paths, map, peer, _exitNode);
            }
            else
            {
                CheckAt(peer);
            }
        }
    }

    /// <summary>One that cannot be had as the map has it now is not had at all, rather than with rights it had before.</summary>
    private void Set(PathManager paths, NetworkMap map, Node peer, long exitNode)
    {
        try
        {
            Change(paths, map, peer, exitNode);
        }
#pragma warning disable CA1031 // Whatever a server's map makes go wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _known.TryAdd(peer.ID, peer);
            Remove(paths, map, [peer.ID]);
            Soonest(now() + NextTry);
            refused(peer, e);
        }
    }

    private void Change(PathManager paths, NetworkMap map, Node peer, long exitNode)
    {
        var before = _known.GetValueOrDefault(peer.ID);
        if (before is not null && before.Key != peer.Key)
        {
            Remove(paths, map, [peer.ID]);
            before = null;
        }

        _masquerading.Remove(peer.ID);
        if (IsMasquerading(map.Self, peer))
        {
            _masquerading[peer.ID] = peer.Name.TrimEnd('.');
        }

        if (peer.Key.IsZero || peer.IsExpiredAt(now()) || _masquerading.ContainsKey(peer.ID))
        {
            // The tunnel has some from before its paths were made anew, which are none of the known.
            if (before is not null || tunnel.GetPeerStatus(peer.Key) is not null)
            {
                _known.TryAdd(peer.ID, peer);
                Remove(paths, map, [peer.ID], keepsNote: true);
            }

            return;
        }

        var path = before is null || PathDiffers(before, peer)
            ? paths.SetPeer(Usual.GetValue(peer, PathTo))
            : paths.Find(peer.Key);
        if (before is not null && before.DiscoKey != peer.DiscoKey)
        {
            // Disco keys live as long as their node's process: this one began anew, and has forgotten what was agreed on. A new session
            // takes a round trip; to miss answers takes a quarter of a minute.
            tunnel.PeerRestarted(peer.Key);
        }

        if (path is not null && (before is null || !before.EffectiveAllowedIPs.SequenceEqual(peer.EffectiveAllowedIPs)))
        {
            tunnel.SetPeer(new WireGuardPeer { Key = peer.Key, AllowedNetworks = routes.Of(peer, peer.ID == exitNode), Path = path });
        }

        _known[peer.ID] = peer;
        CheckAt(peer);
    }

    /// <summary>
    /// A node that a server knows by another ID than before may be there under both for a while: its key goes with the last of them, and what
    /// the tunnel has of the one that stays is set anew.
    /// </summary>
    private void Remove(PathManager paths, NetworkMap map, IReadOnlyCollection<long> ids, bool keepsNote = false)
    {
        var keys = new HashSet<NodePublicKey>();
        foreach (var id in ids)
        {
            if (!keepsNote)
            {
                _masquerading.Remove(id);
            }

            if (_known.Remove(id, out var peer))
            {
                keys.Add(peer.Key);
            }
        }

        if (keys.Count == 0)
        {
            return;
        }

        var heirs = _known.Values.Where(peer => keys.Contains(peer.Key)).ToArray();
        foreach (var key in keys.Except(heirs.Select(peer => peer.Key)))
        {
            tunnel.RemovePeer(key);
            paths.RemovePeer(key);
        }

        foreach (var heir in heirs)
        {
            _known.Remove(heir.ID);
            Set(paths, map, heir, _exitNode);
        }
    }

    private void CheckAt(Node peer)
    {
        if (peer.KeyExpiry != default)
        {
            Soonest(peer.KeyExpiry);
        }
    }

    private void Soonest(DateTimeOffset time) => NextCheck = time < NextCheck ? time : NextCheck;

    private static bool IsMasquerading(Node self, Node peer) =>
        IsAnother(self, peer.SelfNodeV4MasqAddrForThisPeer) || IsAnother(self, peer.SelfNodeV6MasqAddrForThisPeer);

    private static bool IsAnother(Node self, IPAddress? address) =>
        address is not null && !self.Addresses.Any(prefix => prefix.IsSingleAddress && prefix.Address.Equals(address));

    private static PathPeer PathTo(Node peer) => new()
    {
        Node = peer.Key,
        Disco = peer.DiscoKey,
        Endpoints = [.. peer.Endpoints.Select(UdpAddress.From)],
        HomeRegion = peer.HomeDerpRegion,
        IsWireGuardOnly = peer.IsWireGuardOnly,
    };

    private static bool PathDiffers(Node before, Node after) =>
        before.DiscoKey != after.DiscoKey
        || before.HomeDerpRegion != after.HomeDerpRegion
        || before.IsWireGuardOnly != after.IsWireGuardOnly
        || !before.Endpoints.SequenceEqual(after.Endpoints);
}
