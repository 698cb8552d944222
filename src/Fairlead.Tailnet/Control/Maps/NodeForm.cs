using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>Brings nodes as older servers write them into the current form, so that the rest need not know.</summary>
internal static class NodeForm
{
    public static Node Current(Node node)
    {
        if (node.HomeDERP != node.HomeDerpRegion || node.LegacyDerp.Length > 0)
        {
            node = node with { HomeDERP = node.HomeDerpRegion, LegacyDerp = "" };
        }

        // What is not signed by tailnet lock must not get traffic of others.
        if (node.AllowedIPs is null || node.UnsignedPeerAPIOnly)
        {
            node = node with { AllowedIPs = node.Addresses };
        }

        return node.Capabilities.Count == 0 ? node : node with { CapMap = WithCapabilities(node), Capabilities = [] };
    }

    private static Dictionary<string, IReadOnlyList<RawJson>> WithCapabilities(Node node)
    {
        var map = new Dictionary<string, IReadOnlyList<RawJson>>(node.CapMap);
        foreach (var capability in node.Capabilities) map.TryAdd(capability, []);
        return map;
    }
}
