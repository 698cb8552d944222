using System.Net;
using System.Net.Security;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Proxy.Serving;

/// <summary>A port that speaks HTTP/1.1 and HTTP/2, behind TLS or not.</summary>
/// <param name="endPoint">Where it listens: on the tailnet, or at an address of the Pod.</param>
/// <param name="hosts">What is served just now.</param>
/// <param name="cluster">How servers are reached.</param>
internal sealed class WebPort(
    TailnetNode node, EndPoint endPoint, bool isSecure, Func<ServedHosts> hosts, ServedConnections connections, ClusterSockets cluster, SharedCertificates? shared, ServingLimits limits, ILoggerFactory loggers)
    : IPortServer
{
    private readonly ServedCertificates _certificates = new(node, shared, loggers.CreateLogger<ServedCertificates>());

    public async Task RunAsync(Action listening, CancellationToken stopping)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseTailnet(node).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = limits.RequestHead;
            kestrel.Limits.KeepAliveTimeout = limits.IdleConnection;

            // Uploads and slow clients are the server's business behind this one.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(endPoint, Configure);
        });
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        await using (server.ConfigureAwait(false))
        {
            using var requests = new WebRequests(server.Services.GetRequiredService<IHttpForwarder>(), cluster, loggers.CreateLogger<WebRequests>());
            server.Run(context => requests.AnswerAsync(context, hosts()));
            await server.StartAsync(stopping).ConfigureAwait(false);
            listening();
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await server.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        }
    }

    private void Configure(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1AndHttp2;

        // Before TLS: a handshake takes a place as well. Upgraded connections keep theirs.
        listen.Use(next => connection => AdmitAsync(connection, next));
        if (isSecure)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = TlsOptionsAsync, HandshakeTimeout = limits.Handshake });
        }
    }

    private async Task AdmitAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        using var place = connections.TryEnter(node, ((IPEndPoint)connection.RemoteEndPoint!).Address);
        if (place is null)
        {
            connection.Abort();
            return;
        }

        await next(connection).ConfigureAwait(false);
    }

    private async ValueTask<SslServerAuthenticationOptions> TlsOptionsAsync(TlsHandshakeCallbackContext context) => new()
    {
        ServerCertificateContext = await _certificates.ForAsync(context.ClientHelloInfo.ServerName, context.CancellationToken).ConfigureAwait(false),
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };
}
