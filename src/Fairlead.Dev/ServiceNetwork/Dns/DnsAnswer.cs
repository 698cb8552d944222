using System.Collections.Immutable;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <param name="Additional">Addresses of hosts that the records name.</param>
internal sealed record DnsAnswer(DnsCode Code, ImmutableArray<DnsRecord> Records, ImmutableArray<DnsRecord> Additional)
{
    public static readonly DnsAnswer NoSuchName = new(DnsCode.NameError, [], []);
    public static readonly DnsAnswer NoData = new(DnsCode.Success, [], []);

    public static DnsAnswer Of(params ImmutableArray<DnsRecord> records) => new(DnsCode.Success, records, []);
}
