namespace Fairlead.Tailnet.Protocol.Control.Dns;

/// <summary>A name that MagicDNS answers besides those of nodes.</summary>
public sealed record DnsRecord
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Empty for A or AAAA, as the value is.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    public string Value { get; init => field = value ?? ""; } = "";
}
