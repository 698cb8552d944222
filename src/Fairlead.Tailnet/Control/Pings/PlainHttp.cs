namespace Fairlead.Tailnet.Control.Pings;

/// <summary>HTTP outside the encrypted channel. One for all nodes of the process.</summary>
internal static class PlainHttp
{
    public static HttpMessageInvoker Shared { get; } = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
    });
}
