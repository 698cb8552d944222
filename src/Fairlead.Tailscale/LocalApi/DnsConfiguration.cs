namespace Fairlead.Tailscale.LocalApi;

/// <summary>What the control plane says of DNS.</summary>
public sealed record DnsConfiguration
{
    public IReadOnlyList<string>? Domains { get; init; }

    /// <summary>Names that the control plane would issue certificates for.</summary>
    public IReadOnlyList<string>? CertDomains { get; init; }

    public IReadOnlyList<DnsRecord>? ExtraRecords { get; init; }
}
