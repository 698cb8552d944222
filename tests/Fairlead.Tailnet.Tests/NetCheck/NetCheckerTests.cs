using System.Net;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Protocol.Stun;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.NetCheck;

public sealed class NetCheckerTests : IAsyncDisposable, IDatagramReceiver
{
    private readonly List<RelayServer> _relays = [];
    private readonly UdpTransport _udp = new(new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = IPAddress.IPv6Loopback });
    private readonly NetChecker _checker;

    public NetCheckerTests()
    {
        _checker = new NetChecker(_udp, new DerpClientOptions { PlainText = true });
        _udp.Start(this);
    }

    [Fact]
    public async Task Our_addresses_and_the_regions_latencies_are_found()
    {
        var map = await StartAsync(new RelayServerOptions { RegionId = 1 }, new RelayServerOptions { RegionId = 2 });

        var report = await RunAsync(map);

        Assert.True(report.UdpWorks && report.IPv4Works);
        Assert.Equal(UdpAddress.From(IPAddress.Loopback, _udp.Port), report.MappedIPv4);
        Assert.False(report.MappingVaries);
        Assert.Equal([1, 2], report.Latencies.Keys.Order());
        Assert.All(report.Latencies.Values, latency => Assert.True(latency.IPv4 > TimeSpan.Zero && latency.Https is null));
        if (report.IPv6Works)
            Assert.Equal(UdpAddress.From(IPAddress.IPv6Loopback, _udp.Port), report.MappedIPv6);
        var info = report.ToNetInfo(2);
        Assert.Equal((2, true, (bool?)false), (info.PreferredDERP, info.WorkingUDP, info.MappingVariesByDestIP));
        Assert.Equal(report.Latencies[1].IPv4!.Value.TotalSeconds, info.DERPLatency["1-v4"]);
    }

    [Fact]
    public async Task A_NAT_that_maps_by_destination_is_found_out()
    {
        var map = await StartAsync(new RelayServerOptions { RegionId = 1 }, new RelayServerOptions { RegionId = 2 });
        _relays[0].Faults.MapAddress = seen => new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1000);
        _relays[1].Faults.MapAddress = seen => new IPEndPoint(IPAddress.Parse("192.0.2.1"), 1001);

        Assert.True((await RunAsync(map)).MappingVaries);
    }

    [Fact]
    public async Task Where_UDP_is_blocked_latency_is_that_of_HTTP()
    {
        var map = await StartAsync(new RelayServerOptions { RegionId = 1 });
        _relays[0].Faults.IgnoreStun = true;

        var report = await RunAsync(map);

        Assert.False(report.UdpWorks);
        Assert.Null(report.MappingVaries);
        Assert.True(report.MappedIPv4.IsNone);
        Assert.True(report.Latencies[1].Https > TimeSpan.Zero);
    }

    [Fact]
    public async Task A_region_that_is_down_delays_the_others_only_shortly()
    {
        var map = await StartAsync(new RelayServerOptions { RegionId = 1 }, new RelayServerOptions { RegionId = 2 });
        _relays[1].Faults.IgnoreStun = true;
        var started = TimeProvider.System.GetTimestamp();

        var report = await RunAsync(map);

        Assert.Equal([1], report.Latencies.Keys);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started), TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1.4));
    }

    [Fact]
    public async Task Answers_that_nobody_asked_for_are_ignored()
    {
        var buffer = new byte[StunMessage.MaxResponseSize];
        var length = StunMessage.WriteResponse(buffer, StunTransactionId.Create(), default);
        var map = await StartAsync(new RelayServerOptions { RegionId = 1 });
        var running = RunAsync(map);

        _checker.Receive(buffer.AsSpan(0, length), UdpAddress.From(IPAddress.Loopback, (ushort)_relays[0].StunPort));

        Assert.Equal(UdpAddress.From(IPAddress.Loopback, _udp.Port), (await running).MappedIPv4);
    }

    void IDatagramReceiver.Receive(Span<byte> datagram, in PathAddress from) => _checker.Receive(datagram, from.Udp);

    void IDatagramReceiver.EndOfBatch()
    {
    }

    public async ValueTask DisposeAsync()
    {
        _udp.Dispose();
        foreach (var relay in _relays)
            await relay.DisposeAsync();
    }

    private Task<NetworkReport> RunAsync(DerpMap map) => _checker.RunAsync(map, _udp.HasIPv4, _udp.HasIPv6, TestContext.Current.CancellationToken);

    private async Task<DerpMap> StartAsync(params RelayServerOptions[] options)
    {
        foreach (var option in options)
            _relays.Add(await RelayServer.StartAsync(option with { Tls = false }, TestContext.Current.CancellationToken));
        return new DerpMap { Regions = _relays.ToDictionary(relay => relay.Region.RegionID, relay => (DerpRegion?)relay.Region) };
    }
}
