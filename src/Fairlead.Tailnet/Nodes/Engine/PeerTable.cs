using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Nodes.Routing;
using Fairlead.Tailnet.Paths;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Nodes.Engine;

/// <summary>Keeps the peers of the tunnel, and of the paths below it, as the network map has them. Not safe for several threads.</summary>
/// <param name="refused">Told of peers that cannot be had as the map has them; the others are none the worse for it.</param>
internal sealed class PeerTable(WireGuardDevice tunnel, PeerRoutes routes, TimeProvider time, Action<Node, Exception> refused)
{
    /// <summary>The ways to a peer are the same for all nodes of this process that are told of it, as the peer's object is.</summary>
    private static readonly ConditionalWeakTable<Node, PathPeer> Usual = [];

    private readonly Dictionary<long, Node> _known = [];
    private long _exitNode;

    public void Apply(PathManager paths, NetworkMap map, NetworkMapChange change)
    {
        foreach (var gone in change.PeersRemoved)
        {
            Remove(paths, gone.ID);
        }

        var exit = routes.ExitNodeOf(map)?.ID ?? 0;
        foreach (var peer in change.PeersAdded.Concat(change.PeersChanged))
        {
            Set(paths, peer, exit);
        }

        if (exit != _exitNode)
        {
            foreach (var peer in new[] { map.FindPeer(_exitNode), map.FindPeer(exit) }.OfType<Node>())
            {
                _known.Remove(peer.ID);
                Set(paths, peer, exit);
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
            Set(paths, peer, _exitNode);
        }
    }

    private void Set(PathManager paths, Node peer, long exitNode)
    {
        try
        {
            Change(paths, peer, exitNode);
        }
#pragma warning disable CA1031 // Whatever a server's map makes go wrong.
        catch (Exception e)
#pragma warning restore CA1031
        {
            refused(peer, e);
        }
    }

    private void Change(PathManager paths, Node peer, long exitNode)
    {
        var before = _known.GetValueOrDefault(peer.ID);
        if (before is not null && before.Key != peer.Key)
        {
            Remove(paths, peer.ID);
            before = null;
        }

        if (peer.Key.IsZero || peer.IsExpiredAt(time.GetUtcNow()))
        {
            Remove(paths, peer.ID);
            return;
        }

        _known[peer.ID] = peer;
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
    }

    private void Remove(PathManager paths, long id)
    {
        if (_known.Remove(id, out var peer))
        {
            tunnel.RemovePeer(peer.Key);
            paths.RemovePeer(peer.Key);
        }
    }

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
