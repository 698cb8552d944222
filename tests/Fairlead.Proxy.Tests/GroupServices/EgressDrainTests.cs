using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Fairlead.Proxy.GroupServices.Draining;
using Fairlead.Proxy.GroupServices.Egress;
using Fairlead.Proxy.Targets;
using Fairlead.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Proxy.Tests.GroupServices;

public sealed class EgressDrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly IPAddress Own = IPAddress.Parse("10.1.2.3");

    private readonly ManualTime _time = new();
    private readonly Names _names = new();
    private WebApplication _service = null!;
    private volatile string _answeredBy = Own.ToString();
    private volatile bool _isWell = true;
    private int _asked;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Port => new Uri(_service.Urls.Single()).Port;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _service = builder.Build();
        _service.Run(context =>
        {
            Interlocked.Increment(ref _asked);
            if (!_isWell)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return context.Response.WriteAsync("the device has no tailnet address", context.RequestAborted);
            }

            context.Response.Headers["Pod-IPv4"] = _answeredBy;
            return context.Response.WriteAsync("ok", context.RequestAborted);
        });
        await _service.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync() => await _service.DisposeAsync();

    [Fact]
    public async Task Without_Services_the_Pod_may_end_at_once() => await Drain(EgressServices.None).RunAsync(Stop);

    [Fact]
    public async Task The_Pod_may_end_ten_seconds_after_all_answers_of_a_round_came_from_others()
    {
        var draining = Drain(Services(3)).RunAsync(Stop);
        await _time.WaiterAsync(Second, Second, Stop);
        Assert.Equal(1, _asked);

        _answeredBy = "10.1.2.4";
        _time.Advance(Second);
        await _time.WaiterAsync(Pause, Pause, Stop);
        Assert.Equal(4, _asked);
        Assert.False(draining.IsCompleted);

        _time.Advance(Pause);
        await draining;
    }

    [Fact]
    public async Task A_Pod_that_is_not_well_may_be_this_one()
    {
        _isWell = false;
        var draining = Drain(Services(3)).RunAsync(Stop);
        await _time.WaiterAsync(Second, Second, Stop);
        Assert.Equal(1, _asked);

        (_answeredBy, _isWell) = ("10.1.2.4", true);
        _time.Advance(Second);
        await _time.WaiterAsync(Pause, Pause, Stop);
        _time.Advance(Pause);
        await draining;
    }

    [Fact]
    public async Task A_Service_with_nothing_behind_it_leads_to_nobody()
    {
        await _service.StopAsync(Stop);

        var draining = Drain(Services(3)).RunAsync(Stop);

        await _time.WaiterAsync(Pause, Pause, Stop);
        _time.Advance(Pause);
        await draining;
    }

    [Fact]
    public async Task A_Service_without_an_address_is_gone_but_one_that_DNS_does_not_tell_of_may_lead_here()
    {
        _names.Trouble = true;
        var draining = Drain(Services(3, "db.tailscale.svc.cluster.local")).RunAsync(Stop);
        await _time.WaiterAsync(Second, Second, Stop);

        _names.Trouble = false;
        _time.Advance(Second);
        await _time.WaiterAsync(Pause, Pause, Stop);
        _time.Advance(Pause);
        await draining;
    }

    [Fact]
    public async Task Waiting_has_an_end()
    {
        var draining = Drain(Services(3)).RunAsync(Stop);
        for (var second = 0; second < 300; second++)
        {
            await _time.WaiterAsync(Second, Second, Stop);
            _time.Advance(Second);
        }

        await _time.WaiterAsync(Pause, Pause, Stop);
        _time.Advance(Pause);
        await draining;
    }

    [Fact]
    public async Task A_kubelet_that_waits_no_more_ends_the_waiting()
    {
        using var leaving = new CancellationTokenSource();
        var draining = Drain(Services(3)).RunAsync(leaving.Token);
        await _time.WaiterAsync(Second, Second, Stop);

        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => draining);
    }

    private EgressDrain Drain(EgressServices services) => new(() => services, [Own], _names, _time, NullLogger.Instance);

    private EgressServices Services(int pings, string host = "127.0.0.1") => new(
        new Dictionary<string, EgressServiceEntry>
        {
            ["default-db"] = new EgressServiceEntry { HealthCheckEndpoint = $"http://{host}:{Port}/healthz" },
            ["default-old"] = new EgressServiceEntry(),
        }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        pings);

    private sealed class Names : INameResolver
    {
        public volatile bool Trouble;

        public Task<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken) =>
            Trouble ? throw new SocketException((int)SocketError.TryAgain) : Task.FromResult(ImmutableArray<IPAddress>.Empty);
    }
}
