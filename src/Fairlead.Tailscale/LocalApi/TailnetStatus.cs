namespace Fairlead.Tailscale.LocalApi;

/// <summary>The tailnet that a tailscaled is part of.</summary>
public sealed record TailnetStatus
{
    public string Name { get; init; } = "";

    public string MagicDNSSuffix { get; init; } = "";

    public bool MagicDNSEnabled { get; init; }
}
