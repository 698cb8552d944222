using System.Net;

namespace Fairlead.Tailnet.Names;

/// <summary>What the control server says about names, in the resolver's terms.</summary>
internal sealed record MagicDnsConfig
{
    public static readonly MagicDnsConfig Empty = new();

    /// <summary>The tailnet's domain, without dots at its ends; empty if it has none.</summary>
    public string Suffix { get; init; } = "";

    /// <summary>Names of nodes and services with their addresses; a name may come more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, IPAddress>> Hosts { get; init; } = [];

    /// <summary>Records that the control server adds, other than addresses.</summary>
    public IReadOnlyList<DnsRecord> Records { get; init; } = [];

    /// <summary>Names of nodes that a reverse look-up gives.</summary>
    public IReadOnlyList<KeyValuePair<IPAddress, string>> Reverse { get; init; } = [];

    /// <summary>By domain who answers for names in it; nobody means this resolver itself.</summary>
    public IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Routes { get; init; } = [];

    /// <summary>Who answers for all other names; empty: the system's own resolver.</summary>
    public IReadOnlyList<string> Resolvers { get; init; } = [];

    /// <summary>Domains to look for short names in, besides <see cref="Suffix"/>.</summary>
    public IReadOnlyList<string> SearchDomains { get; init; } = [];

    /// <summary>Whether IPv6 addresses are given for names that have IPv4 ones too; clients without working IPv6 would try them in vain.</summary>
    public bool IPv6ForAll { get; init; }
}
