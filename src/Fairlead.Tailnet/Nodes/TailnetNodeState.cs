namespace Fairlead.Tailnet.Nodes;

/// <summary>How a node stands, in tailscaled's words.</summary>
public enum TailnetNodeState
{
    /// <summary>No network map yet.</summary>
    Starting,

    /// <summary>A user has to log in, or another auth key is needed.</summary>
    NeedsLogin,

    /// <summary>An administrator has to approve the machine.</summary>
    NeedsMachineAuth,

    /// <summary>Part of the tailnet.</summary>
    Running,

    /// <summary>Stopped or logged out.</summary>
    Stopped,
}
