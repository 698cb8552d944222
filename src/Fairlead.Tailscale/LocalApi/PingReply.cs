namespace Fairlead.Tailscale.LocalApi;

/// <summary>How a peer was reached.</summary>
public sealed record PingReply
{
    public string IP { get; init => field = value ?? ""; } = "";

    public string NodeIP { get; init => field = value ?? ""; } = "";

    public string NodeName { get; init => field = value ?? ""; } = "";

    /// <summary>Why it was not reached; empty when it was.</summary>
    public string Err { get; init => field = value ?? ""; } = "";

    public double LatencySeconds { get; init; }

    /// <summary>Address and port of a direct path; empty for others.</summary>
    public string Endpoint { get; init => field = value ?? ""; } = "";

    /// <summary>0 when no relay was used.</summary>
    public int DERPRegionID { get; init; }

    public string DERPRegionCode { get; init => field = value ?? ""; } = "";
}
