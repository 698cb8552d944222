namespace Fairlead.Tailscale.LocalApi;

/// <summary>A node in a <see cref="DaemonStatus"/>.</summary>
public sealed record PeerStatus
{
    /// <summary>The stable ID.</summary>
    public string ID { get; init => field = value ?? ""; } = "";

    public string PublicKey { get; init => field = value ?? ""; } = "";

    public string HostName { get; init => field = value ?? ""; } = "";

    /// <summary>MagicDNS name with trailing dot.</summary>
    public string DNSName { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? TailscaleIPs { get; init; }

    /// <summary>Prefixes that may be reached through it.</summary>
    public IReadOnlyList<string>? AllowedIPs { get; init; }

    public IReadOnlyList<string>? Tags { get; init; }

    public bool Online { get; init; }
}
