namespace Fairlead.Tailscale.LocalApi;

/// <summary>A DNS record of the tailnet.</summary>
public sealed record DnsRecord
{
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>Empty for A or AAAA, whichever the value is.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    public string Value { get; init => field = value ?? ""; } = "";
}
