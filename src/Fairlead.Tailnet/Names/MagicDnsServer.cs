using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;

namespace Fairlead.Tailnet.Names;

/// <summary>Answers DNS queries on port 53 of some addresses of a network stack, over UDP and TCP.</summary>
internal sealed class MagicDnsServer : IDisposable
{
    private const int Port = 53;

    /// <summary>Connections at a time; each may ask many things.</summary>
    private const int MaxConnections = 32;

    /// <summary>RFC 7766, 6.2.3: how long a connection may be idle; "a few seconds".</summary>
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly MagicDnsResolver _resolver;
    private readonly TimeProvider _time;
    private readonly List<IDisposable> _open = [];
    private readonly CancellationTokenSource _stopping = new();

    public MagicDnsServer(NetworkStack stack, IEnumerable<IPAddress> addresses, MagicDnsResolver resolver, TimeProvider time)
    {
        _resolver = resolver;
        _time = time;
        foreach (var address in addresses)
        {
            var udp = stack.BindUdp(new IPEndPoint(address, Port));
            var tcp = stack.ListenTcp(new IPEndPoint(address, Port), new TcpListenOptions { AcceptBacklog = MaxConnections, HandshakeBacklog = MaxConnections });
            _open.Add(udp);
            _open.Add(tcp);
            _ = ServeUdpAsync(udp);
            _ = ServeTcpAsync(tcp);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        foreach (var open in _open)
        {
            open.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task ServeUdpAsync(UdpSocket socket)
    {
        var buffer = new byte[DnsMessage.MaxUdpSize];
        var stopping = _stopping.Token;
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer, stopping).ConfigureAwait(false);
                var answering = _resolver.AnswerAsync(buffer.AsMemory(0, received.Length).ToArray(), isDatagram: true, stopping);
                if (answering.IsCompletedSuccessfully)
                {
                    Send(socket, answering.Result, received.RemoteEndPoint);
                }
                else
                {
                    // Another server is asked: others need not wait for it. How many may wait is the resolver's to bound.
                    _ = SendWhenKnownAsync(socket, answering, received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node stops.
        }
    }

    /// <summary>An answer that cannot be sent is lost, as on any network; the next asker is none the worse for it.</summary>
    private static void Send(UdpSocket socket, byte[]? answer, IPEndPoint asker)
    {
        try
        {
            if (answer is not null)
            {
                socket.SendTo(answer, asker);
            }
        }
        catch (SocketException)
        {
            // Nobody could hear of it.
        }
    }

    private static async Task SendWhenKnownAsync(UdpSocket socket, ValueTask<byte[]?> answering, IPEndPoint asker)
    {
        try
        {
            Send(socket, await answering.ConfigureAwait(false), asker);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The node stops.
        }
    }

    private async Task ServeTcpAsync(TcpPortListener listener)
    {
        using var slots = new SemaphoreSlim(MaxConnections);
        var stopping = _stopping.Token;
        try
        {
            while (true)
            {
                await slots.WaitAsync(stopping).ConfigureAwait(false);
                var connection = await listener.AcceptAsync(stopping).ConfigureAwait(false);
                _ = ServeConnectionAsync(connection, slots, stopping);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The node stops.
        }
    }

    private async Task ServeConnectionAsync(TcpConnection connection, SemaphoreSlim slots, CancellationToken stopping)
    {
        try
        {
            await using (connection.ConfigureAwait(false))
            {
                var length = new byte[2];
                while (true)
                {
                    using var idle = new CancellationTokenSource(IdleLimit, _time);
                    using var either = CancellationTokenSource.CreateLinkedTokenSource(idle.Token, stopping);
                    await connection.ReadExactlyAsync(length, either.Token).ConfigureAwait(false);
                    var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                    await connection.ReadExactlyAsync(query, either.Token).ConfigureAwait(false);
                    if (await _resolver.AnswerAsync(query, isDatagram: false, stopping).ConfigureAwait(false) is not { } answer)
                    {
                        return;
                    }

                    var framed = new byte[answer.Length + 2];
                    BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)answer.Length);
                    answer.CopyTo(framed, 2);
                    await connection.WriteAsync(framed, either.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The asker is done, or gone.
        }
        finally
        {
            Release(slots);
        }
    }

    private static void Release(SemaphoreSlim slots)
    {
        try
        {
            slots.Release();
        }
        catch (ObjectDisposedException)
        {
            // The server ended first.
        }
    }
}
