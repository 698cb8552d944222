using System.Net;

namespace Fairlead.Tailnet.Protocol.Control.Pings;

/// <summary>Something the server wants a node to do and report to <see cref="URL"/>.</summary>
public sealed record PingRequest
{
    /// <summary>Where the result goes; also what makes the request unique.</summary>
    public string URL { get; init => field = value ?? ""; } = "";

    /// <summary>Whether the result goes through the encrypted channel.</summary>
    public bool URLIsNoise { get; init; }

    public bool Log { get; init; }

    /// <summary><c>TSMP</c>, <c>disco</c>, <c>ICMP</c>, <c>peerapi</c> or <c>c2n</c>, or several with commas; empty asks for a HEAD request to <see cref="URL"/>.</summary>
    public string Types { get; init => field = value ?? ""; } = "";

    /// <summary>Whom to ping.</summary>
    public IPAddress? IP { get; init; }

    /// <summary>For <c>c2n</c> an HTTP/1 request, whose answer goes to <see cref="URL"/> as HTTP/1 text.</summary>
    public byte[]? Payload { get; init; }
}
