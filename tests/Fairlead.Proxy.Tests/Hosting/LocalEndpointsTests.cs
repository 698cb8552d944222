using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.ServiceNetwork;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Proxy.Tests.Hosting;

public sealed class LocalEndpointsTests : IDisposable
{
    private readonly LoopbackNetwork _network = LoopbackNetwork.Claim();
    private readonly HttpClient _http = new();
    private readonly ProxyHealth _health = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProxyConfiguration Configuration => new()
    {
        LocalAddress = new IPEndPoint(_network.NodeAddress, 9002),
        PodIps = [IPAddress.Parse("10.0.0.7"), IPAddress.Parse("fd00::7")],
    };

    public void Dispose()
    {
        _http.Dispose();
        _network.Dispose();
    }

    [Fact]
    public async Task A_device_is_well_once_it_has_an_address_and_says_whose_answer_it_is()
    {
        await using var endpoints = await StartAsync(Configuration with { HealthCheck = true });

        using (var before = await _http.GetAsync(Url("/healthz"), Stop))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, before.StatusCode);
            Assert.Equal("the device has no tailnet address yet", await before.Content.ReadAsStringAsync(Stop));
            Assert.DoesNotContain(before.Headers, header => header.Key.StartsWith("Pod-", StringComparison.OrdinalIgnoreCase));
        }

        _health.Note([IPAddress.Parse("100.64.0.1")]);
        using var after = await _http.GetAsync(Url("/healthz"), Stop);
        Assert.Equal("ok", await after.Content.ReadAsStringAsync(Stop));
        Assert.Equal(("10.0.0.7", "fd00::7"), (after.Headers.GetValues("Pod-IPv4").Single(), after.Headers.GetValues("Pod-IPv6").Single()));
        using var metrics = await _http.GetAsync(Url("/metrics"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, metrics.StatusCode);
    }

    [Fact]
    public async Task Metrics_are_the_device_s_and_below_debug_is_what_the_daemon_tells_at_its_debug_address()
    {
        var debug = new IPEndPoint(_network.NodeAddress, 9001);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(debug));
        await using var daemon = builder.Build();
        daemon.Run(context => context.Response.WriteAsync($"{context.Request.Path}{context.Request.QueryString}", Stop));
        await daemon.StartAsync(Stop);
        await using var endpoints = await StartAsync(Configuration with { Engine = ProxyEngine.Tailscaled, Metrics = true, DebugAddress = debug });

        Assert.Equal("tailscaled_advertised_routes 0\n", await _http.GetStringAsync(Url("/metrics"), Stop));
        Assert.Equal("/debug/pprof/heap?gc=1", await _http.GetStringAsync(Url("/debug/pprof/heap?gc=1"), Stop));
    }

    [Fact]
    public async Task The_kubelet_waits_until_the_Pod_may_end()
    {
        var drained = new TaskCompletionSource();
        await using var endpoints = await StartAsync(Configuration, cancellationToken => drained.Task.WaitAsync(cancellationToken));

        var asking = _http.GetAsync(Url("/internal-egress-services-preshutdown"), Stop);
        Assert.False(asking.IsCompleted);
        drained.SetResult();

        using var answer = await asking;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Where_nothing_is_asked_for_nobody_listens()
    {
        await using var endpoints = await StartAsync(Configuration);

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => _http.GetAsync(Url("/healthz"), Stop));
        Assert.Equal(SocketError.ConnectionRefused, (refused.InnerException as SocketException)?.SocketErrorCode);
    }

    private Task<LocalEndpoints> StartAsync(ProxyConfiguration configuration, Func<CancellationToken, Task>? drainAsync = null) =>
        LocalEndpoints.StartAsync(configuration, _health, _ => Task.FromResult("tailscaled_advertised_routes 0\n"), drainAsync, Stop);

    private Uri Url(string path) => new($"http://{new IPEndPoint(_network.NodeAddress, 9002)}{path}");
}
