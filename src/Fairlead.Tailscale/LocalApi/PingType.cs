namespace Fairlead.Tailscale.LocalApi;

/// <summary>How far a ping goes.</summary>
public enum PingType
{
    /// <summary>To the peer's path discovery: shows which path is used.</summary>
    Disco,

    /// <summary>Through the tunnel, whatever its filter says.</summary>
    Tsmp,

    /// <summary>To the peer's operating system.</summary>
    Icmp,

    /// <summary>To the peer's own web server.</summary>
    PeerApi,
}
