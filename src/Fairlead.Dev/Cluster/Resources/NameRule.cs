namespace Fairlead.Dev.Cluster.Resources;

/// <summary>What names the objects of a type may have.</summary>
public enum NameRule
{
    /// <summary>RFC 1123 subdomain, up to 253 characters.</summary>
    DnsSubdomain,

    /// <summary>RFC 1123 label, up to 63 characters.</summary>
    DnsLabel,

    /// <summary>RFC 1035 label: like <see cref="DnsLabel"/>, but starts with a letter.</summary>
    Rfc1035Label,

    /// <summary>Anything that can be one segment of a URL path (RBAC objects).</summary>
    PathSegment,
}
