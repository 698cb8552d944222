using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.GroupServices.Ingress;

/// <summary>What ingress Services mean for one Pod.</summary>
/// <param name="Status">For the operator, true once the rules are in force.</param>
/// <param name="Refused">Why Services are left out.</param>
internal sealed record IngressServicesPlan(ImmutableArray<ForwardingRule> Rules, string Status, ImmutableArray<string> Refused)
{
    public static IngressServicesPlan For(IngressServices services, ImmutableArray<IPAddress> podIps)
    {
        var rules = ImmutableArray.CreateBuilder<ForwardingRule>();
        var refused = ImmutableArray.CreateBuilder<string>();
        var told = new SortedDictionary<string, IngressServiceEntry>(StringComparer.Ordinal);
        foreach (var (name, service) in services.Entries)
        {
            (string Field, IngressAddressEntry? Entry, AddressFamily Family)[] mappings =
                [("IPv4Mapping", service.IPv4, AddressFamily.InterNetwork), ("IPv6Mapping", service.IPv6, AddressFamily.InterNetworkV6)];
            var ways = mappings.Where(mapping => mapping.Entry is not null).Select(mapping => (mapping.Field, Rule: RuleFor(name, mapping.Entry!, mapping.Family))).ToList();
            if (ways.FirstOrDefault(way => way.Rule is null).Field is { } field)
            {
                refused.Add($"{name}: its {field} is no pair of addresses of that family");
                continue;
            }

            rules.AddRange(ways.Select(way => way.Rule!));
            told[name] = service;
        }

        var status = new IngressServicesStatus
        {
            Services = told,
            PodIPv4 = PodAddresses.Text(podIps, AddressFamily.InterNetwork) ?? "",
            PodIPv6 = PodAddresses.Text(podIps, AddressFamily.InterNetworkV6) ?? "",
        };
        return new IngressServicesPlan(
            rules.ToImmutable(), JsonSerializer.Serialize(status, GroupServicesJson.Default.IngressServicesStatus), refused.ToImmutable());
    }

    private static ForwardingRule.IngressService? RuleFor(string name, IngressAddressEntry entry, AddressFamily family) =>
        IPAddress.TryParse(entry.ServiceIp, out var vip) && vip.AddressFamily == family
        && IPAddress.TryParse(entry.ClusterIp, out var cluster) && cluster.AddressFamily == family
            ? new ForwardingRule.IngressService(name, vip, cluster)
            : null;
}
