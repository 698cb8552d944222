namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>Types of records (RFC 1035, 3596, 2782, 6891).</summary>
internal enum DnsType : ushort
{
    A = 1,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}
