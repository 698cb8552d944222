using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Tailnet.Hosting;

/// <summary>ASP.NET Core and <see cref="HttpClient"/> over a tailnet.</summary>
public static class TailnetHostingExtensions
{
    /// <summary>Lets Kestrel listen on a node: <c>options.Listen(new TailnetEndPoint(80))</c>.</summary>
    public static IWebHostBuilder UseTailnet(this IWebHostBuilder builder, TailnetNode node) =>
        builder.ConfigureServices(services => services.AddSingleton<IConnectionListenerFactory>(new TailnetConnectionListenerFactory(node)));

    /// <summary>Listens on a port of the node, or of a Tailscale Service.</summary>
    public static void ListenTailnet(this KestrelServerOptions options, int port, string? service = null, Action<ListenOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Listen(new TailnetEndPoint(port, service), configure ?? (_ => { }));
    }

    /// <summary>Who sent the request; null if it did not come over the tailnet.</summary>
    public static TailnetIdentity? GetTailnetPeer(this HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Features.Get<ITailnetConnectionFeature>()?.Peer;
    }

    /// <summary>A handler whose connections go to hosts of the tailnet, or through it: <c>new HttpClient(node.CreateHttpHandler())</c>.</summary>
    public static SocketsHttpHandler CreateHttpHandler(this TailnetNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (context, cancellationToken) =>
                await node.DialAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false),
        };
    }
}
