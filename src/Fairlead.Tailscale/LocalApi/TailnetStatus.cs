namespace Fairlead.Tailscale.LocalApi;

/// <summary>The tailnet that a tailscaled is part of.</summary>
public sealed record TailnetStatus
{
    public string Name { get; init => field = value ?? ""; } = "";

    public string MagicDNSSuffix { get; init => field = value ?? ""; } = "";

    public bool MagicDNSEnabled { get; init; }
}
