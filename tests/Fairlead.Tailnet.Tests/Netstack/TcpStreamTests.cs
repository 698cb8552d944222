using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class TcpStreamTests
{
    private readonly SimulatedWorld _world = new();
    private readonly SimulatedPair _pair;

    public TcpStreamTests() => _pair = _world.Pair();

    [Fact]
    public void An_empty_read_completes_when_there_is_something_to_read() => _world.Run(async () =>
    {
        var (client, server) = await _pair.ConnectAsync();
        var waiting = server.ReadAsync(Memory<byte>.Empty);
        await _world.Delay(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);
        await client.WriteAsync("x"u8.ToArray());
        Assert.Equal(0, await waiting);
        Assert.Equal(1, await server.ReadAsync(new byte[10]));
    });

    [Fact]
    public void A_cancelled_read_loses_nothing_and_another_may_follow() => _world.Run(async () =>
    {
        var (client, server) = await _pair.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            using var cancellation = new CancellationTokenSource();
            var reading = server.ReadAsync(new byte[10], cancellation.Token);
            cancellation.Cancel();
            await Assert.ThrowsAsync<OperationCanceledException>(async () => await reading);
        }

        await client.WriteAsync("abc"u8.ToArray());
        Assert.Equal(3, await server.ReadAsync(new byte[10]));
    });

    [Fact]
    public void A_write_that_waits_for_room_can_be_cancelled() => _world.Run(async () =>
    {
        var (client, _) = await _pair.ConnectAsync();
        using var cancellation = new CancellationTokenSource();
        var writing = client.WriteAsync(new byte[50_000_000], cancellation.Token);
        await _world.Delay(TimeSpan.FromSeconds(5));
        Assert.False(writing.IsCompleted);
        cancellation.Cancel();
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await writing);
    });

    [Fact]
    public void A_second_read_at_the_same_time_is_refused() => _world.Run(async () =>
    {
        var (_, server) = await _pair.ConnectAsync();
        var first = server.ReadAsync(new byte[1]);
        Assert.Throws<InvalidOperationException>(() => { _ = server.ReadAsync(new byte[1]); });
        Assert.False(first.IsCompleted);
    });

    [Fact]
    public void Writing_after_the_end_and_using_a_disposed_connection_fail() => _world.Run(async () =>
    {
        var (client, server) = await _pair.ConnectAsync();
        client.CloseWrite();
        var failure = await Assert.ThrowsAsync<IOException>(async () => await client.WriteAsync(new byte[1]));
        Assert.Equal(SocketError.Shutdown, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        Assert.Equal(0, await server.ReadAsync(new byte[1]));
        server.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await server.ReadAsync(new byte[1]));
        Assert.Equal(0, await client.ReadAsync(new byte[1]));
    });

    [Fact]
    public void Disposing_wakes_who_reads() => _world.Run(async () =>
    {
        var (_, server) = await _pair.ConnectAsync();
        var reading = server.ReadAsync(new byte[1]).AsTask();
        server.Dispose();
        await Assert.ThrowsAsync<IOException>(() => reading);
    });

    [Fact]
    public void Abort_reaches_the_peer_as_a_reset() => _world.Run(async () =>
    {
        var (client, server) = await _pair.ConnectAsync();
        var reading = server.ReadAsync(new byte[1]).AsTask();
        client.Abort();
        var failure = await Assert.ThrowsAsync<IOException>(() => reading);
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(failure.InnerException).SocketErrorCode);
        await server.Closed;
    });

    [Fact]
    public void Disposing_with_a_linger_time_waits_until_all_arrived_or_resets() => _world.Run(async () =>
    {
        var linger = new TcpConnectionOptions { Linger = TimeSpan.FromSeconds(10) };
        var (client, server) = await _pair.ConnectAsync(linger);
        await client.WriteAsync(new byte[100_000]);
        var disposing = client.DisposeAsync();
        Assert.False(disposing.IsCompleted);
        var (count, _) = await SimulatedPair.ReceiveAsync(server);
        server.CloseWrite();
        await disposing;
        Assert.Equal(100_000, count);

        (client, _) = await _pair.ConnectAsync(linger);
        await client.WriteAsync(new byte[100_000]);
        _pair.ToServer.Conditions = _pair.ToServer.Conditions with { Loss = 1 };
        var before = _world.Time.Now;
        await client.DisposeAsync();
        Assert.InRange(_world.Time.Now - before, 10_000_000, 10_100_000);
    });

    [Fact]
    public void A_stack_can_talk_to_itself() => _world.Run(async () =>
    {
        using var listener = _pair.Client.ListenTcp(new IPEndPoint(IPAddress.Any, 81));
        var accepting = listener.AcceptAsync();
        var connection = await _pair.Client.ConnectTcpAsync(SimulatedWorld.At(SimulatedPair.ClientAddress, 81));
        await SimulatedPair.TransferAsync(connection, connection.CloseWrite, await accepting, 500_000, seed: 1);
        Assert.Equal(0, _pair.ToServer.PacketsSent);
    });

    [Fact]
    public void A_fallback_takes_refuses_or_ignores_connections_to_any_address() => _world.Run(async () =>
    {
        var taken = new TaskCompletionSource<TcpConnection>();
        _pair.Server.AcceptsAnyDestination = true;
        _pair.Server.TcpFallback = (remote, local) => (local.Port, local.Address.ToString()) switch
        {
            (443, "10.1.2.3") => TcpFlowVerdict.Accept(taken.SetResult),
            (80, _) => TcpFlowVerdict.Reject,
            _ => TcpFlowVerdict.Drop,
        };
        var connection = await _pair.Client.ConnectTcpAsync(SimulatedWorld.At("10.1.2.3", 443));
        var other = await taken.Task;
        Assert.Equal("10.1.2.3:443", other.LocalEndPoint.ToString());
        Assert.Equal(connection.LocalEndPoint, other.RemoteEndPoint);
        await SimulatedPair.TransferAsync(connection, connection.CloseWrite, other, 10_000, seed: 1);
        await Assert.ThrowsAsync<IOException>(async () => await _pair.Client.ConnectTcpAsync(SimulatedWorld.At("10.1.2.3", 80)));
        var ignored = new TcpConnectionOptions { ConnectTimeout = TimeSpan.FromSeconds(5) };
        await Assert.ThrowsAsync<IOException>(async () => await _pair.Client.ConnectTcpAsync(SimulatedWorld.At("10.1.2.3", 22), options: ignored));
    });

    [Fact]
    public void Listeners_on_specific_addresses_come_first_and_a_taken_port_is_refused() => _world.Run(async () =>
    {
        using var any = _pair.Server.ListenTcp(new IPEndPoint(IPAddress.IPv6Any, 80));
        using var specific = _pair.Server.ListenTcp(SimulatedPair.ServerEndPoint);
        Assert.Throws<SocketException>(() => _pair.Server.ListenTcp(SimulatedPair.ServerEndPoint));
        var accepting = specific.AcceptAsync();
        await _pair.Client.ConnectTcpAsync(SimulatedPair.ServerEndPoint);
        await accepting;
        var accepting6 = any.AcceptAsync();
        await _pair.Client.ConnectTcpAsync(SimulatedWorld.At(SimulatedPair.ServerAddressV6, 80));
        await accepting6;
        specific.Dispose();
        await Assert.ThrowsAsync<SocketException>(async () => await specific.AcceptAsync());
    });
}
