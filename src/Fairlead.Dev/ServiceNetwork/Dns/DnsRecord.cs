using System.Net;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>A record of an answer: an address, a name, or a port of a host.</summary>
internal abstract record DnsRecord(string Owner, DnsType Type)
{
    public sealed record Address(string Owner, IPAddress Value) : DnsRecord(Owner, DnsType.A);

    public sealed record Alias(string Owner, string Target) : DnsRecord(Owner, DnsType.Cname);

    public sealed record Pointer(string Owner, string Target) : DnsRecord(Owner, DnsType.Ptr);

    public sealed record Server(string Owner, int Port, string Target) : DnsRecord(Owner, DnsType.Srv);
}
