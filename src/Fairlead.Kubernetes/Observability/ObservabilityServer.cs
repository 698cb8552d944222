using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Observability;

/// <summary>
/// Serves <c>/metrics</c> (Prometheus text), <c>/healthz</c> (is this process worth keeping?) and <c>/readyz</c> (is it
/// ready to do its job?) over plain HTTP. A failed check answers 503 and says which and why.
/// </summary>
public sealed class ObservabilityServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ObservabilityServer(WebApplication app) => _app = app;

    /// <summary>The port it listens on.</summary>
    public int Port { get; private set; }

    /// <exception cref="IOException">The address is taken or not ours.</exception>
    public static async Task<ObservabilityServer> StartAsync(
        ObservabilityOptions options,
        PrometheusExporter exporter,
        IReadOnlyList<HealthCheck> liveness,
        IReadOnlyList<HealthCheck> readiness,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(exporter);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions());

        // No configuration of the host, no environment variable, may move this endpoint or make it log.
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(new IPEndPoint(options.Address, options.Port));
        });
        var server = new ObservabilityServer(builder.Build());
        server._app.MapGet("/metrics", context => WriteAsync(context, 200, PrometheusText.ContentType, exporter.Collect()));
        server._app.MapGet("/healthz", context => WriteHealthAsync(context, liveness));
        server._app.MapGet("/readyz", context => WriteHealthAsync(context, readiness));
        await server._app.StartAsync(cancellationToken).ConfigureAwait(false);
        var addresses = server._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        server.Port = new Uri(addresses.Addresses.First()).Port;
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task WriteHealthAsync(HttpContext context, IReadOnlyList<HealthCheck> checks)
    {
        // The layout of the API server's own health endpoints.
        var text = new StringBuilder();
        var failed = false;
        foreach (var check in checks)
        {
            var problem = check.Problem();
            failed |= problem is not null;
            text.Append(problem is null ? "[+]" : "[-]").Append(check.Name).Append(problem is null ? " ok" : $" failed: {problem}").Append('\n');
        }

        text.Append(failed ? "check failed\n" : "ok\n");
        var verbose = failed || context.Request.Query.ContainsKey("verbose");
        return WriteAsync(context, failed ? 503 : 200, "text/plain; charset=utf-8", verbose ? text.ToString() : "ok");
    }

    private static Task WriteAsync(HttpContext context, int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
