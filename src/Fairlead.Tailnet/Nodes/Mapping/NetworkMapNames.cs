using System.Net;
using System.Text;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Nodes.Mapping;

/// <summary>The names that a network map gives, for the resolver.</summary>
internal static class NetworkMapNames
{
    private const string IPv6ForAll = "magicdns-aaaa";

    public static MagicDnsConfig From(NetworkMap map)
    {
        var nodes = map.Peers.Prepend(map.Self).Where(node => node.Name.Length > 0).ToArray();
        var hosts = new List<KeyValuePair<string, IPAddress>>();
        var reverse = new List<KeyValuePair<IPAddress, string>>();
        foreach (var node in nodes)
        {
            foreach (var prefix in node.Addresses.Where(prefix => prefix.IsSingleAddress))
            {
                hosts.Add(new(node.Name, prefix.Address));
                reverse.Add(new(prefix.Address, node.Name));
            }
        }

        var records = new List<DnsRecord>();
        foreach (var extra in map.Dns.ExtraRecords)
        {
            if (extra.Type is "" or "A" or "AAAA" && IPAddress.TryParse(extra.Value, out var address))
            {
                hosts.Add(new(extra.Name, address));
                reverse.Add(new(address, extra.Name));
            }
            else if (extra.Type == "TXT" && Encoding.UTF8.GetByteCount(extra.Value) is <= byte.MaxValue and var length)
            {
                records.Add(new DnsRecord(DnsName.Normalize(extra.Name), DnsType.Txt, DnsMessage.InternetClass, MagicDnsZone.TimeToLive, new[] { (byte)length }.Concat(Encoding.UTF8.GetBytes(extra.Value)).ToArray()));
            }
        }

        return new MagicDnsConfig
        {
            Suffix = DnsName.Normalize(map.MagicDnsSuffix),
            Hosts = hosts,
            Reverse = reverse,
            Records = records,
            Routes = [.. map.Dns.Routes.Select(route => KeyValuePair.Create<string, IReadOnlyList<string>>(DnsName.Normalize(route.Key), [.. route.Value.Select(resolver => resolver.Addr)]))],
            Resolvers = [.. map.Dns.Resolvers.Select(resolver => resolver.Addr)],
            SearchDomains = [.. map.Dns.Domains.Select(DnsName.Normalize)],
            IPv6ForAll = map.Self.HasCapability(IPv6ForAll),
        };
    }
}
