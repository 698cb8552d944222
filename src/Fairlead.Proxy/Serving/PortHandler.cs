using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Serving;

/// <summary>How connections to one port are taken.</summary>
internal sealed record PortHandler
{
    /// <summary>TLS, then HTTP by <see cref="ServeConfig.Web"/>.</summary>
    [JsonPropertyName("HTTPS")]
    public bool Https { get; init; }

    [JsonPropertyName("HTTP")]
    public bool Http { get; init; }

    /// <summary><c>host:port</c>, port of this machine or <c>unix:/path</c> that bytes go on to; empty for none.</summary>
    [JsonPropertyName("TCPForward")]
    public string TcpForward { get; init => field = value ?? ""; } = "";

    /// <summary>Name in the certificate with which TLS ends here before bytes go on; empty to pass them as they come.</summary>
    [JsonPropertyName("TerminateTLS")]
    public string TerminateTls { get; init => field = value ?? ""; } = "";

    /// <summary>Version of the PROXY header to send first; 0 for none.</summary>
    [JsonPropertyName("ProxyProtocol")]
    public int ProxyProtocol { get; init; }
}
