namespace Fairlead.Tailnet.Nodes;

/// <summary>HTTP on the machine's own network, one for all nodes: certificate authorities, DNS over HTTPS, OAuth.</summary>
internal static class SharedHttp
{
    public static HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
    });
}
