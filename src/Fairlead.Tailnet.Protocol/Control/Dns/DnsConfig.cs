using System.Net;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Dns;

/// <summary>How names are resolved in the tailnet.</summary>
public sealed record DnsConfig
{
    /// <summary>For names that no route takes; empty leaves them to the machine's own resolvers.</summary>
    public IReadOnlyList<DnsResolver> Resolvers { get; init => field = WireList.Of(value); } = [];

    /// <summary>Resolvers by name suffix; an empty list leaves the suffix to MagicDNS.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DnsResolver>> Routes { get; init => field = WireList.MapOfLists(value); } = new Dictionary<string, IReadOnlyList<DnsResolver>>();

    /// <summary>Like <see cref="Resolvers"/>, where the machine cannot split by suffix.</summary>
    public IReadOnlyList<DnsResolver> FallbackResolvers { get; init => field = WireList.Of(value); } = [];

    /// <summary>Search domains; the first is the tailnet's own suffix.</summary>
    public IReadOnlyList<string> Domains { get; init => field = WireList.Of(value); } = [];

    /// <summary>Whether MagicDNS is on.</summary>
    public bool Proxied { get; init; }

    public IReadOnlyList<IPAddress> Nameservers { get; init => field = WireList.Of(value); } = [];

    /// <summary>Names the node may have certificates for.</summary>
    public IReadOnlyList<string> CertDomains { get; init => field = WireList.Of(value); } = [];

    public IReadOnlyList<DnsRecord> ExtraRecords { get; init => field = WireList.Of(value); } = [];

    /// <summary>Names that an exit node does not resolve for others: suffixes with a leading dot, else whole names.</summary>
    public IReadOnlyList<string> ExitNodeFilteredSet { get; init => field = WireList.Of(value); } = [];
}
