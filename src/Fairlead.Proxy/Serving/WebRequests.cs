using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Forwarding;
using Fairlead.Tailnet.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Fairlead.Proxy.Serving;

/// <summary>Answers HTTP requests as a serve configuration says.</summary>
internal sealed partial class WebRequests : IDisposable
{
    /// <summary>Backends may be slow to begin an answer; who asked decides how long that is bearable.</summary>
    private static readonly ForwarderRequestConfig Forwarding = new() { ActivityTimeout = Timeout.InfiniteTimeSpan };

    private static readonly ForwarderRequestConfig ForwardingGrpc = Forwarding with
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>By what the configuration says; there are no more than it ever named.</summary>
    private readonly ConcurrentDictionary<string, ProxyTarget> _targets = new(StringComparer.Ordinal);

    private readonly IHttpForwarder _forwarder;
    private readonly ILogger _logger;
    private readonly HttpMessageInvoker _verifying;
    private readonly HttpMessageInvoker _trusting;

    public WebRequests(IHttpForwarder forwarder, ClusterSockets cluster, ILogger logger)
    {
        _forwarder = forwarder;
        _logger = logger;
        _verifying = NewInvoker(cluster, verifies: true);
        _trusting = NewInvoker(cluster, verifies: false);
    }

    /// <param name="hosts">Of the port that the request came to.</param>
    public async Task AnswerAsync(HttpContext context, ServedHosts hosts)
    {
        var path = context.Request.Path.Value is { Length: > 0 } value ? value : "/";
        if (hosts.Find(context.Request.Host.Value, context.Connection.LocalIpAddress)?.HandlerFor(path) is not { } found)
        {
            await WriteAsync(context, StatusCodes.Status404NotFound, "404 page not found\n").ConfigureAwait(false);
            return;
        }

        var (mount, handler) = found;
        if (handler.Text.Length > 0)
        {
            await WriteAsync(context, StatusCodes.Status200OK, handler.Text).ConfigureAwait(false);
        }
        else if (handler.Redirect.Length > 0)
        {
            Redirect(context, handler.Redirect);
        }
        else if (handler.Proxy.Length > 0)
        {
            await ForwardAsync(context, _targets.GetOrAdd(handler.Proxy, static text => ProxyTarget.TryParse(text)!), mount, handler).ConfigureAwait(false);
        }
        else
        {
            await StaticFiles.SendAsync(context, handler.Path, Below(mount, path)).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _verifying.Dispose();
        _trusting.Dispose();
    }

    private static string Below(string mount, string path) => mount == "/" ? path : path[mount.TrimEnd('/').Length..] is { Length: > 0 } rest ? rest : "/";

    private static async Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }

    private static void Redirect(HttpContext context, string redirect)
    {
        var status = StatusCodes.Status302Found;
        var colon = redirect.IndexOf(':', StringComparison.Ordinal);
        if (colon == 3 && int.TryParse(redirect.AsSpan(0, 3), out var code) && code is >= 300 and <= 399)
        {
            (status, redirect) = (code, redirect[4..]);
        }

        context.Response.StatusCode = status;
        context.Response.Headers.Location = redirect
            .Replace("${HOST}", context.Request.Host.Host, StringComparison.Ordinal)
            .Replace("${REQUEST_URI}", context.Request.GetEncodedPathAndQuery(), StringComparison.Ordinal);
    }

    private async Task ForwardAsync(HttpContext context, ProxyTarget target, string mount, WebHandler handler)
    {
        var transformer = new ServedRequest(target, mount, context.GetTailnetPeer(), handler.AcceptAppCaps);
        var isGrpc = HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
        var error = await _forwarder.SendAsync(
            context, target.Origin, target.VerifiesCertificate ? _verifying : _trusting, isGrpc ? ForwardingGrpc : Forwarding, transformer).ConfigureAwait(false);
        if (error is not (ForwarderError.None or ForwarderError.RequestCanceled)
            && !context.RequestAborted.IsCancellationRequested)
        {
            Log.NotForwarded(_logger, target.Origin, error, context.GetForwarderErrorFeature()?.Exception?.Message ?? "");
        }
    }

    private static HttpMessageInvoker NewInvoker(ClusterSockets cluster, bool verifies)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            ConnectCallback = async (context, cancellationToken) => new NetworkStream(
                await cluster.ConnectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false), ownsSocket: true),
        };
        if (!verifies)
        {
#pragma warning disable CA5359 // Asked for by name: https+insecure.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return new HttpMessageInvoker(handler);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Target} did not answer a request: {Error} {Reason}")]
        public static partial void NotForwarded(ILogger logger, string target, ForwarderError error, string reason);
    }
}
