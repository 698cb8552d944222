using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>Addresses of the Tailscale Services that the control server has approved this node to host.</summary>
internal static class HostedServices
{
    private const string Capability = "service-host";

    /// <summary>
    /// By name, e.g. <c>svc:web</c>. The capability has one value, an object of names and addresses; with another number of values it
    /// counts for nothing.
    /// </summary>
    public static FrozenDictionary<string, IReadOnlyList<IPAddress>> Of(Node self)
    {
        var found = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal);
        if (self.CapMap.TryGetValue(Capability, out var values) && values is [var only] && Parse(only.Text) is { } services)
        {
            foreach (var (name, addresses) in services)
            {
                found[name] = [.. (addresses as JsonArray ?? []).Select(text => IPAddress.TryParse(text?.ToString(), out var address) ? address : null).OfType<IPAddress>()];
            }
        }

        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
