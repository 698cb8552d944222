namespace Fairlead.Tailnet.Protocol.Control.Hosts;

/// <summary>A port on a node.</summary>
public sealed record HostService
{
    /// <summary><c>tcp</c>, <c>udp</c>, <c>peerapi4</c>, <c>peerapi6</c>, <c>peerapi-dns-proxy</c> …</summary>
    public string Proto { get; init => field = value ?? ""; } = "";

    public ushort Port { get; init; }

    public string Description { get; init => field = value ?? ""; } = "";
}
