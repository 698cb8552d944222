namespace Fairlead.Tailnet.Protocol.Control.Pings;

/// <summary>Result of a ping of another node.</summary>
public sealed record PingResponse
{
    /// <summary>See <see cref="PingTypes"/>.</summary>
    public string Type { get; init => field = value ?? ""; } = "";

    /// <summary>Who was pinged.</summary>
    public string IP { get; init => field = value ?? ""; } = "";

    public string NodeIP { get; init => field = value ?? ""; } = "";

    public string NodeName { get; init => field = value ?? ""; } = "";

    /// <summary>Why there was no answer; empty if there was one.</summary>
    public string Err { get; init => field = value ?? ""; } = "";

    public double LatencySeconds { get; init; }

    /// <summary>UDP address that answered; empty for a relayed answer.</summary>
    public string Endpoint { get; init => field = value ?? ""; } = "";

    public string PeerRelay { get; init => field = value ?? ""; } = "";

    public int DERPRegionID { get; init; }

    public string DERPRegionCode { get; init => field = value ?? ""; } = "";

    public ushort PeerAPIPort { get; init; }

    /// <summary>The address pinged is the node's own.</summary>
    public bool IsLocalIP { get; init; }
}
