using System.Net;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>The HTTP handler for requests outside the channel.</summary>
internal static class ControlHttp
{
    /// <param name="address">Where to connect instead of asking DNS for the server's host; null to ask.</param>
    public static SocketsHttpHandler CreateHandler(ControlConnectionOptions options, IPAddress? address) => new()
    {
        Proxy = options.Proxy,
        UseProxy = options.Proxy is not null,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = (context, stop) =>
        {
            var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
            // What is connected to may be a proxy, which the given address is not that of.
            var isServer = host == options.ControlUrl.DnsSafeHost || host == options.ControlUrl.Host;
            return options.Dialer.ConnectAsync(host, port, isServer ? address : null, stop);
        },
    };
}
