namespace Fairlead.Tailnet.Names;

/// <summary>Types of resource records (IANA "Domain Name System Parameters"); others pass as numbers.</summary>
public enum DnsType : ushort
{
    A = 1,
    Ns = 2,
    Cname = 5,
    Soa = 6,
    Ptr = 12,
    Mx = 15,
    Txt = 16,
    Aaaa = 28,
    Srv = 33,
    Opt = 41,
    Any = 255,
}
