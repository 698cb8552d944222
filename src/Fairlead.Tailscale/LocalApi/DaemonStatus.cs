namespace Fairlead.Tailscale.LocalApi;

/// <summary>What a tailscaled says of itself and of its peers.</summary>
public sealed record DaemonStatus
{
    public string Version { get; init => field = value ?? ""; } = "";

    public BackendState BackendState { get; init; }

    /// <summary>Where somebody has to log in; empty when nobody has to.</summary>
    public string AuthURL { get; init => field = value ?? ""; } = "";

    public IReadOnlyList<string>? TailscaleIPs { get; init; }

    public PeerStatus? Self { get; init; }

    /// <summary>Health problems as texts for people.</summary>
    public IReadOnlyList<string>? Health { get; init; }

    public string MagicDNSSuffix { get; init => field = value ?? ""; } = "";

    public TailnetStatus? CurrentTailnet { get; init; }

    /// <summary>Names that the control plane would issue certificates for; null where HTTPS is off.</summary>
    public IReadOnlyList<string>? CertDomains { get; init; }

    /// <summary>DNS records beside those of the peers; null from a daemon too old to tell them here.</summary>
    public IReadOnlyList<DnsRecord>? ExtraRecords { get; init; }

    /// <summary>By node key.</summary>
    public IReadOnlyDictionary<string, PeerStatus>? Peer { get; init; }
}
