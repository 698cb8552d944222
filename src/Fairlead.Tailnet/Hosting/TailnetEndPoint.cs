using System.Globalization;
using System.Net;

namespace Fairlead.Tailnet.Hosting;

/// <summary>A port of a tailnet node, or of a Tailscale Service that it hosts, for servers to bind to.</summary>
/// <param name="port">0 for any free one.</param>
/// <param name="service">Name as <c>svc:name</c>; null for the node itself.</param>
public sealed class TailnetEndPoint(int port, string? service = null) : EndPoint
{
    public int Port => port;

    public string? Service => service;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{service ?? "tailnet"}:{port}");
}
