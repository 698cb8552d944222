namespace Fairlead.Tailnet.Nodes;

/// <summary>A peer's answer.</summary>
/// <param name="NodeName">Whole name without a final dot.</param>
/// <param name="Path">UDP address, or <c>derp-</c> and the region; empty where the kind of ping does not tell.</param>
/// <param name="PeerApiPort">Where the peer serves its peer API; 0 where the kind of ping does not tell.</param>
public sealed record TailnetPingResult(string NodeName, TimeSpan Latency, string Path, int PeerApiPort);
