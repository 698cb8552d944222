using System.Net;

namespace Fairlead.Tailscale.Http;

internal static class ConnectionFactory
{
    // Leaves room for further tries within a call's default limit of 60 s.
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);

    // The control plane moves behind DNS; a connection kept for ever would not follow it.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static HttpClient Create(TailscaleClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            // A redirect would take the Authorization header, or turn a POST into a GET; the API sends none.
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            UseCookies = false,
        };
        var http = new HttpClient(handler)
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            // Calls are bounded by RequestSender, which covers reading the body as well.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd(options.UserAgent);
        return http;
    }
}
