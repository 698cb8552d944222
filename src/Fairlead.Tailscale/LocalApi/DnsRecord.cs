namespace Fairlead.Tailscale.LocalApi;

/// <summary>A DNS record of the tailnet.</summary>
public sealed record DnsRecord
{
    public string Name { get; init; } = "";

    /// <summary>Empty for A or AAAA, whichever the value is.</summary>
    public string Type { get; init; } = "";

    public string Value { get; init; } = "";
}
