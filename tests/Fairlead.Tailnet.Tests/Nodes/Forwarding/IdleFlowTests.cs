using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Engine.Forwarding;
using Fairlead.Tailnet.Packets;
using Fairlead.Testing;

namespace Fairlead.Tailnet.Tests.Nodes.Forwarding;

/// <summary>What a subnet router carries on to a host ends when nothing happens on it. Only the router's clock is moved.</summary>
public sealed class IdleFlowTests : IDisposable
{
    private static readonly IPAddress PeerAddress = IPAddress.Parse("100.64.0.1");
    private static readonly IPEndPoint Behind = IPEndPoint.Parse("10.1.2.3:7");
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly ManualTime _time = new();
    private readonly NetworkStack _peer;
    private readonly NetworkStack _router;
    private readonly Socket _host = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _datagramHost = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly FlowForwarder _forwarder;

    public IdleFlowTests()
    {
        var (there, back) = (new InMemoryLink(1280), new InMemoryLink(1280));
        _peer = new NetworkStack(there);
        _router = new NetworkStack(back) { AcceptsAnyDestination = true };
        there.Receiver = _router;
        back.Receiver = _peer;
        _peer.AddAddress(PeerAddress);
        _host.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _host.Listen();
        _datagramHost.Bind(_host.LocalEndPoint!);
        _forwarder = new FlowForwarder(_router, _ => new FlowRoute((IPEndPoint)_host.LocalEndPoint!), _ => this, _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _forwarder.Dispose();
        _peer.Dispose();
        _router.Dispose();
        _host.Dispose();
        _datagramHost.Dispose();
    }

    [Fact]
    public async Task A_connection_outlives_a_night_of_silence_but_not_a_day_and_use_begins_the_day_anew()
    {
        await using var client = await _peer.ConnectTcpAsync(Behind, cancellationToken: Stop);
        using var accepted = await _host.AcceptAsync(Stop);
        _time.Advance(TimeSpan.FromHours(23));
        await client.WriteAsync("x"u8.ToArray(), Stop);
        Assert.Equal(1, await accepted.ReceiveAsync(new byte[10], Stop));
        _time.Advance(TimeSpan.FromHours(23));
        await accepted.SendAsync("y"u8.ToArray(), Stop);
        Assert.Equal(1, await client.ReadAsync(new byte[10], Stop));
        var reading = client.ReadAsync(new byte[10], Stop).AsTask();

        _time.Advance(TimeSpan.FromHours(24) - Moment);
        Assert.False(reading.IsCompleted);
        _time.Advance(2 * Moment);

        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), Stop));
        await AssertEndsAsync(accepted);
    }

    [Fact]
    public async Task A_connection_whose_one_end_has_said_its_last_waits_an_hour_for_the_other()
    {
        await using var client = await _peer.ConnectTcpAsync(Behind, cancellationToken: Stop);
        using var accepted = await _host.AcceptAsync(Stop);
        client.CloseWrite();
        Assert.Equal(0, await accepted.ReceiveAsync(new byte[10], Stop));
        var reading = client.ReadAsync(new byte[10], Stop).AsTask();
        await Wait.UntilAsync("the hour has begun", () => _time.IsWaitedFor(TimeSpan.FromHours(1)));

        _time.Advance(TimeSpan.FromHours(1) - Moment);
        Assert.False(reading.IsCompleted);
        _time.Advance(2 * Moment);

        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10), Stop));
    }

    [Fact]
    public async Task A_flow_of_datagrams_is_over_after_two_minutes_of_silence()
    {
        using var client = _peer.BindUdp(new IPEndPoint(PeerAddress, 0));
        var first = await SendAsync();
        _time.Advance(TimeSpan.FromMinutes(2) - Moment);
        Assert.Equal(first, await SendAsync());
        _time.Advance(TimeSpan.FromMinutes(2) + Moment);

        // The router has no socket for it any more, so what follows comes from another; what comes while it ends is lost.
        await Wait.UntilAsync("the flow is over", () =>
        {
            client.SendTo("x"u8, Behind);
            return Task.FromResult(_datagramHost.Available > 0 && !Equals(Receive(), first));
        });

        async Task<EndPoint> SendAsync()
        {
            client.SendTo("x"u8, Behind);
            await Wait.UntilAsync("it has arrived", () => _datagramHost.Available > 0);
            return Receive();
        }

        EndPoint Receive()
        {
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            _datagramHost.ReceiveFrom(new byte[10], ref from);
            return from;
        }
    }

    private static async Task AssertEndsAsync(Socket socket)
    {
        try
        {
            Assert.Equal(0, await socket.ReceiveAsync(new byte[10], Stop));
        }
        catch (SocketException e)
        {
            Assert.Equal(SocketError.ConnectionReset, e.SocketErrorCode);
        }
    }
}
