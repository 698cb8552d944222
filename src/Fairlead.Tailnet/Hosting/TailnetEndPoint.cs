using System.Globalization;
using System.Net;

namespace Fairlead.Tailnet.Hosting;

/// <summary>A port of a tailnet node, or of a Tailscale Service that it hosts, for servers to bind to.</summary>
/// <param name="port">0 for any free one.</param>
/// <param name="service">Name as <c>svc:name</c>; null for the node itself.</param>
/// <param name="offersService">
/// Whether binding offers to host the service, and waits for the tailnet's approval; if not, the node's preferences say whether it does.
/// </param>
public sealed class TailnetEndPoint(int port, string? service = null, bool offersService = true) : EndPoint
{
    public int Port => port;

    public string? Service => service;

    public bool OffersService => offersService;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{service ?? "tailnet"}:{port}");
}
