using System.IO.Pipes;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Tailnet.Tests.Relaying;

public sealed class StreamRelayTests : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<IDisposable> _open = [];

    public StreamRelayTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _open.ForEach(open => open.Dispose());
        _listener.Dispose();
    }

    [Fact]
    public async Task The_end_of_one_direction_is_passed_on_while_the_other_goes_on()
    {
        var (client, inside) = await PairAsync();
        var (outside, server) = await PairAsync();
        var relaying = StreamRelay.RunAsync(inside, outside, Stop);

        await client.WriteAsync("request"u8.ToArray(), Stop);
        client.Socket.Shutdown(SocketShutdown.Send);
        Assert.Equal("request", await new StreamReader(server).ReadToEndAsync(Stop));
        await server.WriteAsync("answer"u8.ToArray(), Stop);
        server.Socket.Shutdown(SocketShutdown.Send);

        Assert.Equal("answer", await new StreamReader(client).ReadToEndAsync(Stop));
        Assert.True(await relaying);
    }

    [Fact]
    public async Task A_reset_of_either_end_is_a_reset_for_the_other()
    {
        foreach (var isServer in (bool[])[true, false])
        {
            var (client, inside) = await PairAsync();
            var (outside, server) = await PairAsync();
            var carrying = CarryAsync(inside, outside, Stop);
            var (resets, reads) = isServer ? (server, client) : (client, server);
            var reading = reads.ReadAsync(new byte[1], Stop).AsTask();

            resets.Socket.LingerState = new LingerOption(true, 0);
            resets.Socket.Close();

            Assert.False(await carrying);
            Assert.Equal(SocketError.ConnectionReset, ((await Assert.ThrowsAsync<IOException>(() => reading)).InnerException as SocketException)?.SocketErrorCode);
        }
    }

    [Fact]
    public async Task What_is_stopped_on_the_way_looks_cut_off_to_both_ends()
    {
        var (client, inside) = await PairAsync();
        var (outside, server) = await PairAsync();
        using var stopping = new CancellationTokenSource();
        var carrying = CarryAsync(inside, outside, stopping.Token);
        await client.WriteAsync("half a messa"u8.ToArray(), Stop);
        Assert.Equal(12, await server.ReadAtLeastAsync(new byte[20], 12, cancellationToken: Stop));

        await stopping.CancelAsync();

        Assert.False(await carrying);
        await Assert.ThrowsAsync<IOException>(async () => await client.ReadExactlyAsync(new byte[1], Stop));
        await Assert.ThrowsAsync<IOException>(async () => await server.ReadExactlyAsync(new byte[1], Stop));
    }

    [Fact]
    public async Task Beside_a_stream_that_cannot_be_half_closed_the_end_of_one_direction_is_the_end_of_both()
    {
        var (client, inside) = await PairAsync();
        var (near, far) = PipePair();
        var relaying = StreamRelay.RunAsync(inside, near, Stop);

        await client.WriteAsync("x"u8.ToArray(), Stop);
        client.Socket.Shutdown(SocketShutdown.Send);

        Assert.True(await relaying);
        Assert.Equal(1, await far.ReadAsync(new byte[10], Stop));
    }

    private static async Task<bool> CarryAsync(NetworkStream inside, NetworkStream outside, CancellationToken stopping)
    {
        var isInOrder = await StreamRelay.RunAsync(inside, outside, stopping);
        await inside.DisposeAsync();
        await outside.DisposeAsync();
        return isInOrder;
    }

    private (Stream Near, Stream Far) PipePair()
    {
        var near = new AnonymousPipeServerStream(PipeDirection.Out);
        var far = new AnonymousPipeClientStream(PipeDirection.In, near.ClientSafePipeHandle);
        _open.AddRange([near, far]);
        return (new WriteOnly(near), far);
    }

    private async Task<(NetworkStream One, NetworkStream Other)> PairAsync()
    {
        var connecting = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await connecting.ConnectAsync(_listener.LocalEndPoint!, Stop);
        var pair = (new NetworkStream(connecting, ownsSocket: true), new NetworkStream(await _listener.AcceptAsync(Stop), ownsSocket: true));
        _open.AddRange([pair.Item1, pair.Item2]);
        return pair;
    }

    /// <summary>Nothing ever comes from it.</summary>
    private sealed class WriteOnly(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => inner.WriteAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
