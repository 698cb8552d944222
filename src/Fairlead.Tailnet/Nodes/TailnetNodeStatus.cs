using System.Net;

namespace Fairlead.Tailnet.Nodes;

/// <summary>A node at one moment.</summary>
public sealed record TailnetNodeStatus
{
    public TailnetNodeState State { get; init; }

    /// <summary>Whether the server tells changes just now; a node works without it.</summary>
    public bool IsConnected { get; init; }

    /// <summary>Where a user has to log in; empty if nobody has to.</summary>
    public string AuthUrl { get; init; } = "";

    /// <summary>A page that the server wants the user to see; empty for none.</summary>
    public string BrowseUrl { get; init; } = "";

    /// <summary>What went wrong with the server last; empty once it is well again.</summary>
    public string Error { get; init; } = "";

    public string StableId { get; init; } = "";

    /// <summary>Whole name without a final dot; empty before the first network map.</summary>
    public string Name { get; init; } = "";

    public string Tailnet { get; init; } = "";

    public string MagicDnsSuffix { get; init; } = "";

    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The zero value for never.</summary>
    public DateTimeOffset KeyExpiry { get; init; }

    /// <summary>Names that the node may have certificates for.</summary>
    public IReadOnlyList<string> CertificateDomains { get; init; } = [];

    /// <summary>Where relayed packets for it arrive; 0 before one is chosen.</summary>
    public int HomeDerpRegion { get; init; }

    /// <summary>What is wrong, by the node's own account and then the server's; a line each.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    public IReadOnlyList<TailnetPeerStatus> Peers { get; init; } = [];
}
