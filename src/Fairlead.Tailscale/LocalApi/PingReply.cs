namespace Fairlead.Tailscale.LocalApi;

/// <summary>How a peer was reached.</summary>
public sealed record PingReply
{
    public string IP { get; init; } = "";

    public string NodeIP { get; init; } = "";

    public string NodeName { get; init; } = "";

    /// <summary>Why it was not reached; empty when it was.</summary>
    public string Err { get; init; } = "";

    public double LatencySeconds { get; init; }

    /// <summary>Address and port of a direct path; empty for others.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>0 when no relay was used.</summary>
    public int DERPRegionID { get; init; }

    public string DERPRegionCode { get; init; } = "";
}
