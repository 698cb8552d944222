namespace Fairlead.Tailnet.Protocol.Control.Pings;

/// <summary>Values of <see cref="PingRequest.Types"/>.</summary>
public static class PingTypes
{
    /// <summary>Of the tailnet's own message protocol, inside WireGuard.</summary>
    public const string Tsmp = "TSMP";

    /// <summary>Of path discovery, outside WireGuard.</summary>
    public const string Disco = "disco";

    public const string Icmp = "ICMP";

    public const string PeerApi = "peerapi";

    /// <summary>An HTTP request from the server to the node.</summary>
    public const string ControlToNode = "c2n";
}
