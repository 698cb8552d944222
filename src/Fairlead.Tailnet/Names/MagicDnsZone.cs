using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Names;

/// <summary>The tailnet's names as one network map gives them. Immutable; its indexes are made when the first name is asked for.</summary>
internal sealed class MagicDnsZone
{
    /// <summary>Seconds. A node keeps its address while it keeps its name: what goes stale is the name of a removed node, for ten minutes.</summary>
    public const uint TimeToLive = 600;

    private static readonly AddressRange TailnetIPv4 = AddressRange.Of(IPNetwork.Parse("100.64.0.0/10"));
    private static readonly AddressRange TailnetIPv6 = AddressRange.Of(IPNetwork.Parse("fd7a:115c:a1e0::/48"));

    private readonly Lazy<MagicDnsConfig> _config;
    private readonly Lazy<FrozenDictionary<string, IPAddress[]>> _hosts;
    private readonly Lazy<FrozenDictionary<IPAddress, string>> _reverse;

    public MagicDnsZone(MagicDnsConfig config)
        : this(() => config)
    {
    }

    /// <param name="config">Asked when the first name is: an idle node gets many maps and no questions.</param>
    public MagicDnsZone(Func<MagicDnsConfig> config)
    {
        _config = new(config);
        _hosts = new(() => Config.Hosts
            .GroupBy(host => DnsName.Normalize(host.Key), host => host.Value, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal));
        _reverse = new(() => Config.Reverse
            .Select(entry => KeyValuePair.Create(entry.Key, DnsName.Normalize(entry.Value)))
            .Where(entry => entry.Value.Length > 0 && DnsName.IsValid(entry.Value))
            .DistinctBy(entry => entry.Key)
            .ToFrozenDictionary());
    }

    public static MagicDnsZone Empty { get; } = new(MagicDnsConfig.Empty);

    public string Suffix => Config.Suffix;

    private MagicDnsConfig Config => _config.Value;

    /// <summary>Names to look for when somebody asks for <paramref name="name"/>: itself, or for a short one those in the search domains first.</summary>
    public IEnumerable<string> Candidates(string name)
    {
        var normal = DnsName.Normalize(name);
        if (!normal.Contains('.', StringComparison.Ordinal) && !name.EndsWith('.'))
        {
            foreach (var domain in new[] { Config.Suffix }.Concat(Config.SearchDomains).Where(domain => domain.Length > 0).Distinct(StringComparer.Ordinal))
            {
                yield return $"{normal}.{domain}";
            }
        }

        yield return normal;
    }

    /// <summary>Addresses of a node or service of the tailnet, or of a site's address; null for other names.</summary>
    /// <param name="name">Whole, in lower case, without a final dot.</param>
    public IReadOnlyList<IPAddress>? AddressesOf(string name) =>
        _hosts.Value.TryGetValue(name, out var addresses) ? addresses
        : SiteAddressName.TryParse(name, Config.Suffix, out var site) ? [site]
        : null;

    /// <summary>The whole name of the node with this address, without a final dot; null if there is none.</summary>
    public string? NameOf(IPAddress address) => _reverse.Value.GetValueOrDefault(address);

    public DnsLookup Lookup(DnsQuestion question)
    {
        if (question.Class != DnsMessage.InternetClass)
        {
            return Ours(DnsResponseCode.Refused);
        }

        if (AddressesOf(question.Name) is { } addresses)
        {
            return Ours(DnsResponseCode.NoError, [.. Wanted(addresses, question.Type).Select(address => DnsRecord.ForAddress(question.Name, address, TimeToLive)), .. Extra(question)]);
        }

        if (Config.Records.Any(record => record.Name == question.Name))
        {
            return Ours(DnsResponseCode.NoError, [.. Extra(question)]);
        }

        if (ReverseName.TryParse(question.Name, out var reverse))
        {
            if (NameOf(reverse) is { } name)
            {
                return Ours(DnsResponseCode.NoError, question.Type is DnsType.Ptr or DnsType.Any ? [DnsRecord.ForPointer(question.Name, name, TimeToLive)] : []);
            }

            var value = MappedAddress.From(reverse);
            if ((value >= TailnetIPv4.First && value <= TailnetIPv4.Last) || (value >= TailnetIPv6.First && value <= TailnetIPv6.Last))
            {
                return Ours(DnsResponseCode.NameError);
            }
        }

        // The tailnet's own domain is a route like others: the longest one decides.
        var isOurs = Config.Suffix.Length > 0 && DnsName.IsWithin(question.Name, Config.Suffix);
        var longest = isOurs ? Config.Suffix.Length : -1;
        IReadOnlyList<string> servers = isOurs ? [] : Config.Resolvers;
        foreach (var (domain, resolvers) in Config.Routes)
        {
            if (domain.Length >= longest && DnsName.IsWithin(question.Name, domain))
            {
                (longest, servers, isOurs) = (domain.Length, resolvers, resolvers.Count == 0);
            }
        }

        return isOurs ? Ours(DnsResponseCode.NameError) : new DnsLookup(false, DnsResponseCode.NoError, [], servers);
    }

    private static DnsLookup Ours(DnsResponseCode code, IReadOnlyList<DnsRecord>? answers = null) => new(true, code, answers ?? [], []);

    private IEnumerable<DnsRecord> Extra(DnsQuestion question) =>
        Config.Records.Where(record => record.Name == question.Name && (question.Type == record.Type || question.Type == DnsType.Any));

    private IEnumerable<IPAddress> Wanted(IReadOnlyList<IPAddress> addresses, DnsType type)
    {
        var withIPv6 = Config.IPv6ForAll || addresses.All(address => address.AddressFamily == AddressFamily.InterNetworkV6);
        return addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork
            ? type is DnsType.A or DnsType.Any
            : withIPv6 && type is DnsType.Aaaa or DnsType.Any);
    }
}
