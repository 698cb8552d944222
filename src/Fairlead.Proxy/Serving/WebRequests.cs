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
    private readonly ConcurrentDictionary<string, Backend> _backends = new(StringComparer.Ordinal);

    private readonly IHttpForwarder _forwarder;
    private readonly ILogger _logger;
    private readonly Func<string, Backend> _newBackend;
    private readonly HttpMessageInvoker _verifying;
    private readonly HttpMessageInvoker _trusting;

    public WebRequests(IHttpForwarder forwarder, ClusterSockets cluster, ILogger logger)
    {
        _forwarder = forwarder;
        _logger = logger;
        _newBackend = NewBackend;
        _verifying = NewInvoker((host, port, cancellationToken) => cluster.ConnectAsync(host, port, cancellationToken), verifies: true);
        _trusting = NewInvoker((host, port, cancellationToken) => cluster.ConnectAsync(host, port, cancellationToken), verifies: false);
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
            await ForwardAsync(context, _backends.GetOrAdd(handler.Proxy, _newBackend), mount, handler).ConfigureAwait(false);
        }
        else
        {
            await StaticFiles.SendAsync(context, handler.Path, Below(mount, path)).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var backend in _backends.Values)
        {
            backend.Invoker.Dispose();
        }

        _verifying.Dispose();
        _trusting.Dispose();
    }

    /// <summary>A server on a Unix socket has connections of its own: a pool tells servers apart by host and port, of which it has none.</summary>
    private Backend NewBackend(string text)
    {
        var target = ProxyTarget.TryParse(text)!;
        return new Backend(
            target,
            target.SocketPath is { } path ? NewInvoker((_, _, cancellationToken) => ClusterSockets.ConnectUnixAsync(path, cancellationToken), verifies: true)
                : target.VerifiesCertificate ? _verifying
                : _trusting);
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
        var target = RedirectTarget.TryParse(redirect)!.Value;
        context.Response.StatusCode = target.Status;
        context.Response.Headers.Location = target.Location
            .Replace("${HOST}", context.Request.Host.Host, StringComparison.Ordinal)
            .Replace("${REQUEST_URI}", context.Request.GetEncodedPathAndQuery(), StringComparison.Ordinal);
    }

    private async Task ForwardAsync(HttpContext context, Backend backend, string mount, WebHandler handler)
    {
        var target = backend.Target;
        var transformer = new ServedRequest(target, mount, context.GetTailnetPeer(), handler.AcceptAppCaps);
        var isGrpc = HttpProtocol.IsHttp2(context.Request.Protocol) && context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;
        var error = await _forwarder.SendAsync(
            context, target.Origin, backend.Invoker, isGrpc ? ForwardingGrpc : Forwarding, transformer).ConfigureAwait(false);
        if (error is not (ForwarderError.None or ForwarderError.RequestCanceled)
            && !context.RequestAborted.IsCancellationRequested)
        {
            Log.NotForwarded(_logger, target.SocketPath ?? target.Origin, error, context.GetForwarderErrorFeature()?.Exception?.Message ?? "");
        }
    }

    private static HttpMessageInvoker NewInvoker(Func<string, int, CancellationToken, Task<Socket>> connectAsync, bool verifies)
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
                await connectAsync(context.DnsEndPoint.Host, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false), ownsSocket: true),
        };
        if (!verifies)
        {
#pragma warning disable CA5359 // Asked for by name: https+insecure.
            handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        return new HttpMessageInvoker(handler);
    }

    private sealed record Backend(ProxyTarget Target, HttpMessageInvoker Invoker);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Target} did not answer a request: {Error} {Reason}")]
        public static partial void NotForwarded(ILogger logger, string target, ForwarderError error, string reason);
    }
}
