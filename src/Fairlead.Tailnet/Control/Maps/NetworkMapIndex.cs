using System.Net;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>Ways into a network map. Each is made when first used, since most nodes never ask.</summary>
internal sealed class NetworkMapIndex(NetworkMap map)
{
    private readonly Lazy<Dictionary<IPPrefix, Node>> _byAddress = new(() => ByAddress(map));
    private readonly Lazy<Dictionary<NodePublicKey, Node>> _byKey = new(() => ByKey(map));
    private readonly Lazy<Dictionary<string, Node>> _byName = new(() => ByName(map));

    public Node? Find(IPAddress address) =>
        _byAddress.Value.GetValueOrDefault(IPPrefix.Of(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address));

    public Node? Find(NodePublicKey key) => _byKey.Value.GetValueOrDefault(key);

    public Node? Find(string name) => _byName.Value.GetValueOrDefault(name.TrimEnd('.'));

    // The node itself comes first, and the lower ID before the higher: a later claim to the same address, key or name does not take it.
    private static IEnumerable<Node> AllNodes(NetworkMap map) => map.Peers.Prepend(map.Self);

    private static Dictionary<IPPrefix, Node> ByAddress(NetworkMap map)
    {
        var index = new Dictionary<IPPrefix, Node>();
        foreach (var node in AllNodes(map))
        {
            foreach (var address in node.Addresses)
            {
                if (address.IsSingleAddress) index.TryAdd(address, node);
            }
        }

        return index;
    }

    private static Dictionary<NodePublicKey, Node> ByKey(NetworkMap map)
    {
        var index = new Dictionary<NodePublicKey, Node>();
        foreach (var node in AllNodes(map))
        {
            if (!node.Key.IsZero) index.TryAdd(node.Key, node);
        }

        return index;
    }

    private static Dictionary<string, Node> ByName(NetworkMap map)
    {
        var index = new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
        var suffix = "." + map.MagicDnsSuffix;
        foreach (var node in AllNodes(map))
        {
            var name = node.Name.TrimEnd('.');
            if (name.Length > 0) index.TryAdd(name, node);
        }

        // First labels are for nodes of the tailnet itself: a node shared into it is known by its full name alone.
        foreach (var node in AllNodes(map))
        {
            var name = node.Name.TrimEnd('.');
            if (suffix.Length > 1 && name.EndsWith(suffix, StringComparison.OrdinalIgnoreCase)) index.TryAdd(name[..^suffix.Length], node);
        }

        return index;
    }
}
