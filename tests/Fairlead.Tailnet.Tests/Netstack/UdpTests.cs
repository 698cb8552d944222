using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class UdpTests
{
    private readonly SimulatedWorld _world = new();
    private readonly SimulatedPair _pair;
    private readonly byte[] _buffer = new byte[70_000];

    public UdpTests() => _pair = _world.Pair();

    [Theory]
    [InlineData("0.0.0.0", SimulatedPair.ServerAddress)]
    [InlineData("::", SimulatedPair.ServerAddress)]
    [InlineData("::", SimulatedPair.ServerAddressV6)]
    [InlineData(SimulatedPair.ServerAddressV6, SimulatedPair.ServerAddressV6)]
    public void Datagrams_go_there_and_back(string bound, string address) => _world.Run(async () =>
    {
        using var server = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Parse(bound), 53));
        using var client = _pair.Client.BindUdp(new IPEndPoint(IPAddress.IPv6Any, 0));
        client.SendTo("question"u8, new IPEndPoint(IPAddress.Parse(address), 53));
        var question = await server.ReceiveAsync(_buffer);
        Assert.Equal("question", Text(question));
        server.SendTo("answer"u8, question.RemoteEndPoint);
        var answer = await client.ReceiveAsync(_buffer);
        Assert.Equal("answer", Text(answer));
        Assert.Equal($"{new IPEndPoint(IPAddress.Parse(address), 53)}", answer.RemoteEndPoint.ToString());
    });

    [Theory]
    [InlineData(SimulatedPair.ServerAddress)]
    [InlineData(SimulatedPair.ServerAddressV6)]
    public void Large_datagrams_travel_in_fragments_in_any_order(string address)
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Reordering = 0.5 });
        world.Run(async () =>
        {
            var data = new byte[60_000];
            new Random(1).NextBytes(data);
            using var server = pair.Server.BindUdp(new IPEndPoint(IPAddress.Parse(address), 53));
            using var client = pair.Client.BindUdp(new IPEndPoint(IPAddress.IPv6Any, 0));
            foreach (var size in (int[])[1, 1252, 1253, 1400, 8_000, 60_000])
            {
                client.SendTo(data.AsSpan(0, size), server.LocalEndPoint);
                var received = await server.ReceiveAsync(_buffer);
                Assert.Equal(data.AsSpan(0, size), _buffer.AsSpan(0, received.Length));
            }
        });
        Assert.Equal(0, pair.Server.Reassembler.Bytes);
    }

    [Fact]
    public void A_connected_socket_hears_that_nobody_listens_and_only_of_its_peer() => _world.Run(async () =>
    {
        using var client = _pair.Client.BindUdp(new IPEndPoint(IPAddress.Any, 0), SimulatedPair.ServerEndPoint);
        client.Send("x"u8);
        var failure = await Assert.ThrowsAsync<SocketException>(async () => await client.ReceiveAsync(_buffer));
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);

        using var other = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 99));
        using var right = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, SimulatedPair.Port));
        other.SendTo("wrong"u8, client.LocalEndPoint);
        right.SendTo("right"u8, client.LocalEndPoint);
        Assert.Equal("right", Text(await client.ReceiveAsync(_buffer)));
    });

    [Fact]
    public void A_queue_nobody_reads_is_bounded() => _world.Run(async () =>
    {
        using var server = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 53));
        using var client = _pair.Client.BindUdp(new IPEndPoint(IPAddress.Any, 0));
        for (var i = 0; i < 2000; i++)
        {
            client.SendTo(new byte[1000], SimulatedWorld.At(SimulatedPair.ServerAddress, 53));
        }

        await _world.Delay(TimeSpan.FromSeconds(1));
        var count = 0;
        while (server.ReceiveAsync(_buffer) is { IsCompleted: true } received)
        {
            await received;
            count++;
        }

        Assert.InRange(count, 200, 256);
    });

    [Fact]
    public void A_datagram_larger_than_the_buffer_is_cut() => _world.Run(async () =>
    {
        using var server = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 53));
        using var client = _pair.Client.BindUdp(new IPEndPoint(IPAddress.Any, 0));
        client.SendTo("abcdef"u8, SimulatedWorld.At(SimulatedPair.ServerAddress, 53));
        Assert.Equal(3, (await server.ReceiveAsync(new byte[3])).Length);
        Assert.Throws<SocketException>(() => client.SendTo(new byte[65_600], SimulatedPair.ServerEndPoint));
    });

    [Fact]
    public void A_receive_can_be_cancelled_and_ends_when_the_socket_is_disposed() => _world.Run(async () =>
    {
        var server = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 53));
        using var cancellation = new CancellationTokenSource();
        var cancelled = server.ReceiveAsync(_buffer, cancellation.Token);
        cancellation.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await cancelled);
        var receiving = server.ReceiveAsync(_buffer);
        server.Dispose();
        await Assert.ThrowsAsync<SocketException>(async () => await receiving);
        using var again = _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 53));
        Assert.Throws<SocketException>(() => _pair.Server.BindUdp(new IPEndPoint(IPAddress.Any, 53)));
    });

    [Fact]
    public void A_fallback_takes_flows_to_any_address_and_keeps_them_apart() => _world.Run(async () =>
    {
        var flows = new List<UdpSocket>();
        _pair.Server.AcceptsAnyDestination = true;
        _pair.Server.UdpFallback = (_, local) => local.Port == 53 ? UdpFlowVerdict.Accept(flows.Add) : UdpFlowVerdict.Reject;
        using var client = _pair.Client.BindUdp(new IPEndPoint(IPAddress.Any, 0));
        client.SendTo("one"u8, SimulatedWorld.At("10.0.0.1", 53));
        client.SendTo("two"u8, SimulatedWorld.At("10.0.0.2", 53));
        client.SendTo("three"u8, SimulatedWorld.At("10.0.0.1", 53));
        await _world.Delay(TimeSpan.FromMilliseconds(50));
        Assert.Equal(["10.0.0.1:53", "10.0.0.2:53"], flows.Select(flow => flow.LocalEndPoint.ToString()));
        Assert.Equal("one", Text(await flows[0].ReceiveAsync(_buffer)));
        Assert.Equal("three", Text(await flows[0].ReceiveAsync(_buffer)));
        flows[1].Send("back"u8);
        Assert.Equal("10.0.0.2:53", (await client.ReceiveAsync(_buffer)).RemoteEndPoint.ToString());

        using var refused = _pair.Client.BindUdp(new IPEndPoint(IPAddress.Any, 0), SimulatedWorld.At("10.0.0.1", 54));
        refused.Send("x"u8);
        await Assert.ThrowsAsync<SocketException>(async () => await refused.ReceiveAsync(_buffer));
    });

    private string Text(UdpReceipt receipt) => Encoding.UTF8.GetString(_buffer, 0, receipt.Length);
}
