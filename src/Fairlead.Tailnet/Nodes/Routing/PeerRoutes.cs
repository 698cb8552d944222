using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Names;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Nodes.Routing;

/// <summary>Which destinations this node sends to which peer: of what a network map offers, what its options accept.</summary>
/// <param name="AcceptSubnets">Whether subnets behind peers are used.</param>
/// <param name="ExitNode">Name or address of the peer that leads to everything else; empty for none.</param>
internal sealed record PeerRoutes(bool AcceptSubnets, string ExitNode)
{
    private static readonly IPNetwork TailnetIPv4 = IPNetwork.Parse("100.64.0.0/10");
    private static readonly IPNetwork TailnetIPv6 = IPNetwork.Parse("fd7a:115c:a1e0::/48");

    /// <summary>What nodes that use no subnets send to a peer: the same for all of them in this process, as the peer's object is.</summary>
    private static readonly ConditionalWeakTable<Node, IPNetwork[]> Usual = [];

    /// <summary>Addresses of sites with the same private networks ("4via6"); they are subnets.</summary>
    private static readonly IPNetwork Sites = SiteAddressName.Range;

    /// <summary>The peer chosen as exit node; null if there is none, or it is not there.</summary>
    public Node? ExitNodeOf(NetworkMap map) =>
        ExitNode.Length == 0 ? null
        : IPAddress.TryParse(ExitNode, out var address) ? map.FindNode(address)
        : map.FindNode(ExitNode) ?? map.Peers.FirstOrDefault(peer => peer.StableID == ExitNode);

    /// <summary>Networks to send to a peer, and to take packets from it of.</summary>
    /// <param name="isExitNode">Whether it is <see cref="ExitNodeOf"/>.</param>
    public IReadOnlyList<IPNetwork> Of(Node peer, bool isExitNode) =>
        isExitNode || AcceptSubnets ? Networks(peer, isExitNode, AcceptSubnets) : Usual.GetValue(peer, static peer => Networks(peer, false, false));

    private static IPNetwork[] Networks(Node peer, bool isExitNode, bool acceptSubnets) =>
    [
        .. from prefix in peer.EffectiveAllowedIPs
           where !prefix.IsNone && (prefix.Bits == 0 ? isExitNode : acceptSubnets || !IsSubnet(peer, prefix))
           select new IPNetwork(prefix.Masked().Address, prefix.Bits),
    ];

    /// <summary>Whether packets to an address go to a peer, or stay here.</summary>
    public bool Reaches(NetworkMap map, IPAddress address) => map.FindNode(address) is not null || PeerFor(map, address) is not null;

    /// <summary>The peer that packets to an address go to; null if none takes them.</summary>
    public Node? PeerFor(NetworkMap map, IPAddress address)
    {
        var exit = ExitNodeOf(map);
        Node? best = null;
        var bestBits = -1;
        foreach (var peer in map.Peers)
        {
            foreach (var prefix in peer.EffectiveAllowedIPs)
            {
                if (prefix.Bits > bestBits
                    && prefix.Contains(address)
                    && (prefix.Bits == 0 ? ReferenceEquals(peer, exit) : AcceptSubnets || !IsSubnet(peer, prefix)))
                {
                    (best, bestBits) = (peer, prefix.Bits);
                }
            }
        }

        return best;
    }

    /// <summary>An address of the tailnet's own ranges is a node's or a service's, never a subnet behind it.</summary>
    private static bool IsSubnet(Node peer, IPPrefix prefix)
    {
        if (!prefix.IsSingleAddress)
        {
            return true;
        }

        if (peer.Addresses.Contains(prefix))
        {
            return false;
        }

        var address = prefix.Address;
        return address.AddressFamily == AddressFamily.InterNetwork
            ? !TailnetIPv4.Contains(address)
            : !TailnetIPv6.Contains(address) || Sites.Contains(address);
    }
}
