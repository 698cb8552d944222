using System.Net;
using System.Net.Sockets;
using Fairlead.TailnetNodes.Proxying;

namespace Fairlead.EndToEnd.Tests.Tailnet;

public sealed class FramedStreamTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_read_waits_for_what_comes_and_takes_nothing_of_it()
    {
        var (inner, otherInner) = await ConnectAsync();
        await using var stream = new FramedStream(inner);
        await using var other = new FramedStream(otherInner);

        var waiting = stream.ReadAsync(Memory<byte>.Empty, Stop).AsTask();
        Assert.False(waiting.IsCompleted);
        await other.WriteAsync("first"u8.ToArray(), Stop);

        var buffer = new byte[100];
        Assert.Equal(0, await waiting);
        Assert.Equal(5, await stream.ReadAtLeastAsync(buffer.AsMemory(0, 5), 5, cancellationToken: Stop));
        Assert.Equal("first"u8, buffer.AsSpan(0, 5));
    }

    [Fact]
    public async Task An_empty_read_within_a_frame_waits_for_the_rest()
    {
        var (inner, other) = await ConnectAsync();
        await using var stream = new FramedStream(inner);
        await other.WriteAsync(new byte[] { 0, 0, 0, 2, 1 }, Stop);
        var buffer = new byte[100];
        Assert.Equal(1, await stream.ReadAsync(buffer, Stop));

        var waiting = stream.ReadAsync(Memory<byte>.Empty, Stop).AsTask();
        Assert.False(waiting.IsCompleted);
        await other.WriteAsync(new byte[] { 2 }, Stop);

        Assert.Equal(0, await waiting);
        Assert.Equal(1, await stream.ReadAsync(buffer, Stop));
        await other.DisposeAsync();
    }

    [Fact]
    public async Task An_empty_read_learns_of_the_end()
    {
        var (inner, otherInner) = await ConnectAsync();
        await using var stream = new FramedStream(inner);
        await using var other = new FramedStream(otherInner);

        var waiting = stream.ReadAsync(Memory<byte>.Empty, Stop).AsTask();
        Assert.False(waiting.IsCompleted);
        await other.CloseWriteAsync(Stop);

        Assert.Equal(0, await waiting);
        Assert.Equal(0, await stream.ReadAsync(new byte[100], Stop));
    }

    private static async Task<(NetworkStream One, NetworkStream Other)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var one = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await one.ConnectAsync(listener.LocalEndpoint, Stop);
        return (new NetworkStream(one, ownsSocket: true), new NetworkStream(await listener.AcceptSocketAsync(Stop), ownsSocket: true));
    }
}
