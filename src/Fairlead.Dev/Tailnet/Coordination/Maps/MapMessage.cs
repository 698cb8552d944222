namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>
/// A map response whose large parts are JSON already: nodes are serialised once for all streams. Null and empty parts are left
/// out, which in the control protocol means that they are as before.
/// </summary>
internal sealed class MapMessage
{
    public string? SessionHandle { get; set; }

    /// <summary>0 for none.</summary>
    public long Seq { get; set; }

    public byte[]? Node { get; set; }

    /// <summary>All of them: only in a stream's first message.</summary>
    public List<byte[]> Peers { get; } = [];

    public List<byte[]> PeersChanged { get; } = [];

    public List<long> PeersRemoved { get; } = [];

    public List<byte[]> PeersChangedPatch { get; } = [];

    public byte[]? PacketFilter { get; set; }

    public byte[]? DnsConfig { get; set; }

    public byte[]? DerpMap { get; set; }

    public List<byte[]> UserProfiles { get; } = [];

    public string? Domain { get; set; }

    public DateTimeOffset? ControlTime { get; set; }

    public bool IsEmpty =>
        Node is null && Peers.Count + PeersChanged.Count + PeersRemoved.Count + PeersChangedPatch.Count + UserProfiles.Count == 0
        && PacketFilter is null && DnsConfig is null && DerpMap is null && Domain is null;
}
