using System.Net;
using Fairlead.Tailnet.Protocol.Control.Json;

namespace Fairlead.Tailnet.Protocol.Control.Dns;

/// <summary>A DNS server.</summary>
public sealed record DnsResolver
{
    /// <summary>Address, address and port, or <c>https://</c> URL.</summary>
    public string Addr { get; init => field = value ?? ""; } = "";

    /// <summary>Addresses of the host of a URL.</summary>
    public IReadOnlyList<IPAddress> BootstrapResolution { get; init => field = WireList.Of(value); } = [];

    /// <summary>Used even while an exit node is.</summary>
    public bool UseWithExitNode { get; init; }
}
