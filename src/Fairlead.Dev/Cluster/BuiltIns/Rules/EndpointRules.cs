using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Endpoints and EndpointSlices.</summary>
/// <param name="allowsLoopback">Whether Pods have loopback addresses.</param>
internal sealed class EndpointRules(bool allowsLoopback)
{
    // Limits of discovery.k8s.io/v1.
    private const int MaxEndpoints = 1000;
    private const int MaxPorts = 20000;
    private const int MaxAddresses = 100;

    public void CheckEndpoints(JsonObject endpoints, JsonObject? old, Problems problems)
    {
        foreach (var (i, subset) in endpoints.Indexed("subsets"))
        {
            var path = $"subsets[{i}]";
            if (subset.Array("addresses") is not { Count: > 0 } && subset.Array("notReadyAddresses") is not { Count: > 0 })
                problems.Required(path, "must specify `addresses` or `notReadyAddresses`");
            foreach (var list in (ReadOnlySpan<string>)["addresses", "notReadyAddresses"])
            {
                foreach (var (j, address) in subset.Indexed(list))
                    CheckAddress(address.Text("ip"), $"{path}.{list}[{j}].ip", problems);
            }

            CheckPorts(subset, $"{path}.ports", problems);
        }
    }

    public void CheckSlice(JsonObject slice, JsonObject? old, Problems problems)
    {
        var type = slice.Text("addressType");
        if (slice.Array("endpoints") is { Count: > MaxEndpoints })
            problems.TooLong("endpoints", $"must have at most {MaxEndpoints} items");
        if (slice.Array("ports") is { Count: > MaxPorts })
            problems.TooLong("ports", $"must have at most {MaxPorts} items");
        foreach (var (i, endpoint) in slice.Indexed("endpoints"))
            CheckEndpoint(endpoint, type, $"endpoints[{i}]", problems);

        var names = new HashSet<string>();
        foreach (var (i, port) in slice.Indexed("ports"))
        {
            var name = port.Text("name") ?? "";
            if (name.Length > 0)
                problems.Check($"ports[{i}].name", name, Names.DnsLabel(name));
            if (!names.Add(name))
                problems.Duplicate($"ports[{i}].name", name);
            if (port.Integer("port") is { } number)
                problems.Check($"ports[{i}].port", number, Names.PortNumber(number));
        }

        if (old is not null)
            problems.Immutable("addressType", slice["addressType"], old["addressType"]);
    }

    private void CheckEndpoint(JsonObject endpoint, string? type, string path, Problems problems)
    {
        var addresses = endpoint.Texts("addresses").ToList();
        if (endpoint["addresses"] is JsonArray { Count: 0 })
            problems.Required($"{path}.addresses", "must contain at least 1 address");
        if (addresses.Count > MaxAddresses)
            problems.TooLong($"{path}.addresses", $"must have at most {MaxAddresses} items");
        for (var i = 0; i < addresses.Count; i++)
        {
            var at = $"{path}.addresses[{i}]";
            if (type == "FQDN")
                problems.Check(at, addresses[i], Names.DnsSubdomain(addresses[i]));
            else if (!IPAddress.TryParse(addresses[i], out var address) || (address.AddressFamily == AddressFamily.InterNetworkV6) != (type == "IPv6"))
                problems.Invalid($"{path}.addresses", addresses[i], type == "IPv6" ? "must be an IPv6 address" : "must be an IPv4 address");
            else
                CheckReach(address, at, problems);
        }

        if (endpoint.Text("nodeName") is { } node)
            problems.Check($"{path}.nodeName", node, Names.DnsSubdomain(node));
        if (endpoint.Text("hostname") is { } hostname)
            problems.Check($"{path}.hostname", hostname, Names.DnsLabel(hostname));
    }

    private void CheckAddress(string? ip, string path, Problems problems)
    {
        if (ip is null)
            return;
        if (!IPAddress.TryParse(ip, out var address))
            problems.Invalid(path, ip, Services.ServiceAddressRules.AddressSyntax);
        else
            CheckReach(address, path, problems);
    }

    private void CheckReach(IPAddress address, string path, Problems problems)
    {
        if (IPAddress.IsLoopback(address) && !allowsLoopback)
            problems.Invalid(path, address.ToString(), "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        else if (IPAddress.Any.Equals(address) || IPAddress.IPv6Any.Equals(address))
            problems.Invalid(path, address.ToString(), "may not be unspecified (0.0.0.0 or ::)");
        else if (address.IsIPv6LinkLocal || address.GetAddressBytes() is [169, 254, _, _])
            problems.Invalid(path, address.ToString(), "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        else if (address.IsIPv6Multicast || address.GetAddressBytes() is [224, 0, 0, _])
            problems.Invalid(path, address.ToString(), "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
    }

    private static void CheckPorts(JsonObject subset, string path, Problems problems)
    {
        var needsNames = subset.Array("ports") is { Count: > 1 };
        foreach (var (i, port) in subset.Indexed("ports"))
        {
            if (port.Text("name") is { } name)
                problems.Check($"{path}[{i}].name", name, Names.DnsLabel(name));
            else if (needsNames)
                problems.Required($"{path}[{i}].name");
            if (port.Integer("port") is { } number)
                problems.Check($"{path}[{i}].port", number, Names.PortNumber(number));
        }
    }
}
