using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.GroupServices.Draining;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Proxy.Hosting;

/// <summary>What a proxy's Pod answers to the cluster: health, metrics, and when it may be shut down.</summary>
internal sealed class LocalEndpoints : IAsyncDisposable
{
    /// <summary>Asked by the kubelet before it ends the Pod; wire contract with the operator.</summary>
    private const string PreShutdownPath = "/internal-egress-services-preshutdown";

    private readonly List<WebApplication> _servers = [];

    private LocalEndpoints()
    {
    }

    /// <param name="metricsAsync">Metrics as Prometheus' text.</param>
    /// <param name="drainAsync">Ends when nothing of the cluster comes to this Pod any more; null where nothing does.</param>
    /// <exception cref="ProxyException">An address is taken, or is not this machine's.</exception>
    public static async Task<LocalEndpoints> StartAsync(
        ProxyConfiguration configuration,
        ProxyHealth health,
        Func<CancellationToken, Task<string>> metricsAsync,
        Func<CancellationToken, Task>? drainAsync,
        CancellationToken cancellationToken)
    {
        var endpoints = new LocalEndpoints();
        try
        {
            if (configuration.HealthCheck || configuration.Metrics || drainAsync is not null)
            {
                await endpoints.ServeAsync(ProxyVariables.LocalAddress, configuration.LocalAddress, server =>
                {
                    if (configuration.HealthCheck)
                    {
                        MapHealth(server, health, configuration.PodIps);
                    }

                    if (configuration.Metrics)
                    {
                        server.MapGet("/metrics", async (HttpContext context) =>
                        {
                            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                            await context.Response.WriteAsync(await metricsAsync(context.RequestAborted).ConfigureAwait(false), context.RequestAborted).ConfigureAwait(false);
                        });
                    }

                    if (configuration is { Engine: ProxyEngine.Tailscaled, Metrics: true, DebugAddress: { } debug })
                    {
                        server.MapForwarder("/debug/{**rest}", $"http://{debug}");
                    }

                    if (drainAsync is not null)
                    {
                        server.MapGet(PreShutdownPath, (HttpContext context) => drainAsync(context.RequestAborted));
                    }
                }, cancellationToken).ConfigureAwait(false);
            }

            if (configuration.OldHealthAddress is { } address)
            {
                await endpoints.ServeAsync(
                    ProxyVariables.OldHealthAddress, address, server => MapHealth(server, health, configuration.PodIps), cancellationToken).ConfigureAwait(false);
            }

            return endpoints;
        }
        catch
        {
            await endpoints.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            using var now = new CancellationTokenSource();
            await now.CancelAsync().ConfigureAwait(false);
            await server.StopAsync(now.Token).ConfigureAwait(false);
            await server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static void MapHealth(WebApplication server, ProxyHealth health, ImmutableArray<IPAddress> podIps) =>
        server.MapGet("/healthz", async (HttpContext context) =>
        {
            var problem = health.Problem;
            if (problem.Length > 0)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                await context.Response.WriteAsync(problem, context.RequestAborted).ConfigureAwait(false);
                return;
            }

            PodHeaders.Write(context.Response.Headers, podIps);
            await context.Response.WriteAsync("ok", context.RequestAborted).ConfigureAwait(false);
        });

    private async Task ServeAsync(string variable, IPEndPoint address, Action<WebApplication> map, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(address);
        });
        builder.Services.AddRoutingCore();
        builder.Services.AddHttpForwarder();
        var server = builder.Build();
        _servers.Add(server);
        server.UseRouting();
        map(server);
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new ProxyException($"{variable}: cannot listen at {address}: {e.Message}", e);
        }
    }
}
