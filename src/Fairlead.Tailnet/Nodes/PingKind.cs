namespace Fairlead.Tailnet.Nodes;

/// <summary>How a peer is asked whether it is there.</summary>
public enum PingKind
{
    /// <summary>By path discovery, outside the tunnel: tells which way packets take, and needs no rule of the peer's.</summary>
    Disco,

    /// <summary>Inside the tunnel, answered by the node itself.</summary>
    Tsmp,

    /// <summary>By an echo to its network stack, which its rules must allow.</summary>
    Icmp,
}
