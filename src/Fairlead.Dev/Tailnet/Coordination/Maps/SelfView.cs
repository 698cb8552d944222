using System.Text.Json;
using Fairlead.Dev.Tailnet.Coordination.Users;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>What only the node itself is told of itself.</summary>
internal static class SelfView
{
    private const string HttpsCapability = "https";
    private const string ServiceHostCapability = "service-host";

    // Nodes answer AAAA questions for tailnet names only with this; our addresses always come in pairs.
    private const string MagicDnsIPv6Capability = "magicdns-aaaa";

    public static Node Of(NodeView node, TailnetView view)
    {
        var position = view.PositionOf(node);
        var capabilities = position < 0 ? [] : view.Policy.AttributesOf(position).ToDictionary();
        capabilities.TryAdd(MagicDnsIPv6Capability, []);
        if (view.Shared.HttpsEnabled) capabilities.TryAdd(HttpsCapability, []);
        if (node.Policy.Services.Count > 0) capabilities[ServiceHostCapability] = [HostedServices(node, view)];
        return node.Peer with
        {
            // Where others see one owner of all tagged nodes, each sees itself, so that its profile can bear its own name.
            User = ProfileOf(node).ID,
            Hostinfo = node.Node.Hostinfo,
            Capabilities = [.. capabilities.Where(capability => capability.Value.Count == 0).Select(capability => capability.Key)],
            CapMap = capabilities,
        };
    }

    /// <summary>The profile behind the node's own view of its owner. A tagged node's login name is its full name.</summary>
    public static UserProfile ProfileOf(NodeView node) => node.User is { } user
        ? ProfileOf(user)
        : new UserProfile { ID = node.Id, LoginName = node.Device.Name, DisplayName = node.Device.Name.Split('.')[0] };

    public static UserProfile ProfileOf(TailnetUser user) => new() { ID = user.Id, LoginName = user.LoginName, DisplayName = user.DisplayName };

    /// <summary>The profile behind others' view of the node's owner.</summary>
    public static UserProfile OwnerProfileOf(NodeView node) => node.User is { } user
        ? ProfileOf(user)
        : new UserProfile { ID = UserDirectory.TaggedDevicesId, LoginName = UserDirectory.TaggedDevicesName, DisplayName = "Tagged Devices" };

    // Clients take this capability only with exactly one value.
    private static RawJson HostedServices(NodeView node, TailnetView view)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var name in node.Policy.Services)
            {
                writer.WriteStartArray(name);
                foreach (var address in view.Shared.Services[name]) writer.WriteStringValue(address.Address.ToString());
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return new RawJson(System.Text.Encoding.UTF8.GetString(buffer.ToArray()));
    }
}
