using System.Net;
using System.Net.Security;
using Fairlead.Proxy.Certificates;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Hosting;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Proxy.Serving;

/// <summary>A port that speaks HTTP/1.1 and HTTP/2, behind TLS or not.</summary>
internal sealed partial class WebPort : IServedPort
{
    private readonly ServePort _port;
    private readonly ILogger _logger;
    private readonly ServedCertificates _certificates;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _serving;

    /// <param name="hosts">What is served just now.</param>
    /// <param name="clusterAddresses">Addresses of the Pod that serve the same.</param>
    /// <param name="cluster">How servers are reached.</param>
    public WebPort(
        TailnetNode node,
        ServePort port,
        PortHandler handler,
        Func<ServedHosts> hosts,
        IReadOnlyList<IPAddress> clusterAddresses,
        ClusterSockets cluster,
        SharedCertificates? shared,
        ILoggerFactory loggers)
    {
        _port = port;
        _logger = loggers.CreateLogger<WebPort>();
        _certificates = new ServedCertificates(node, shared, _logger);
        _serving = ServeAsync(node, handler, hosts, clusterAddresses, cluster, loggers);
    }

    public Task Listening => _listening.Task;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ServeAsync(
        TailnetNode node, PortHandler handler, Func<ServedHosts> hosts, IReadOnlyList<IPAddress> clusterAddresses, ClusterSockets cluster, ILoggerFactory loggers)
    {
        await Task.Yield();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().UseTailnet(node).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Uploads and slow clients are the server's business behind this one.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;

            // Whether the device hosts a Service is said by what it advertises; to serve one is not to offer it.
            kestrel.Listen(new TailnetEndPoint(_port.Port, _port.Service.Length == 0 ? null : _port.Service, offersService: false), Configure);
            foreach (var address in clusterAddresses)
            {
                kestrel.Listen(address, _port.Port, Configure);
            }
        });
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        await using (server.ConfigureAwait(false))
        {
            using var requests = new WebRequests(server.Services.GetRequiredService<IHttpForwarder>(), cluster, loggers.CreateLogger<WebRequests>());
            server.Run(context => requests.AnswerAsync(context, hosts()));
            try
            {
                await server.StartAsync(_stopping.Token).ConfigureAwait(false);
                _listening.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                using var now = new CancellationTokenSource();
                await now.CancelAsync().ConfigureAwait(false);
                await server.StopAsync(now.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or TailnetNodeException or System.Net.Sockets.SocketException)
            {
                Log.NotServed(_logger, _port, e.Message);
            }
            finally
            {
                _listening.TrySetResult();
            }
        }

        void Configure(ListenOptions listen)
        {
            listen.Protocols = HttpProtocols.Http1AndHttp2;
            if (handler.Https)
            {
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = TlsOptionsAsync });
            }
        }
    }

    private async ValueTask<SslServerAuthenticationOptions> TlsOptionsAsync(TlsHandshakeCallbackContext context) => new()
    {
        ServerCertificateContext = await _certificates.ForAsync(context.ClientHelloInfo.ServerName, context.CancellationToken).ConfigureAwait(false),
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "{Port} is not served: {Reason}")]
        public static partial void NotServed(ILogger logger, ServePort port, string reason);
    }
}
