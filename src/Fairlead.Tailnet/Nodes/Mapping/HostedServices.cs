using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>Addresses of the Tailscale Services that the control server has approved this node to host.</summary>
internal static class HostedServices
{
    private const string Capability = "service-host";

    /// <summary>
    /// By name, e.g. <c>svc:web</c>. The capability has one value, an object of names and addresses; with another number of values, or one
    /// that is not readable, it counts for nothing. Of a name that is there twice the last counts, as for other nodes.
    /// </summary>
    public static FrozenDictionary<string, IReadOnlyList<IPAddress>> Of(Node self) =>
        self.CapMap.TryGetValue(Capability, out var values) && values is [var only]
            ? Read(only.Text).ToFrozenDictionary(StringComparer.Ordinal)
            : FrozenDictionary<string, IReadOnlyList<IPAddress>>.Empty;

    private static Dictionary<string, IReadOnlyList<IPAddress>> Read(string text)
    {
        var found = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal);
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                foreach (var service in document.RootElement.EnumerateObject())
                {
                    found[service.Name] = AddressesIn(service.Value);
                }
            }

            return found;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The latter for text that is no UTF-16.
            return [];
        }
    }

    private static IPAddress[] AddressesIn(JsonElement list) => list.ValueKind != JsonValueKind.Array ? [] :
    [
        .. list.EnumerateArray()
            .Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => IPAddress.TryParse(item.GetString(), out var address) ? address : null)
            .OfType<IPAddress>(),
    ];
}
