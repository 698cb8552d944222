using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Transport.Portable;

/// <summary>A socket that moves one datagram with each system call, by what every system has.</summary>
internal sealed class PortableUdpSocket(Socket socket, UdpCounters counters, ILogger logger) : UdpSocket(socket, counters, logger)
{
    // A jumbo frame. A socket that waits holds one such buffer.
    private const int MaxDatagram = 9216;

    // Where datagrams never cease, the receiver still gets to answer.
    private const int MaxBatch = 64;

    [ThreadStatic]
    private static SocketAddress? _threadsIPv4;

    [ThreadStatic]
    private static SocketAddress? _threadsIPv6;

    private readonly CancellationTokenSource _stopping = new();

    public override void Start(IDatagramReceiver receiver) => _ = ReceiveAsync(receiver);

    public override void Send(in UdpAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        var name = IsIPv6 ? _threadsIPv6 ??= new SocketAddress(AddressFamily.InterNetworkV6) : _threadsIPv4 ??= new SocketAddress(AddressFamily.InterNetwork);
        PortableSocketAddress.Write(to, name);
        while (!datagrams.IsEmpty)
        {
            var datagram = datagrams[..Math.Min(datagramSize, datagrams.Length)];
            datagrams = datagrams[datagram.Length..];
            try
            {
                Socket.SendTo(datagram, SocketFlags.None, name);
                Counters.Sent(1, datagram.Length);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                Counters.Dropped(1);
            }
        }
    }

    public override void Dispose()
    {
        _stopping.Cancel();
        Socket.Dispose();
        _stopping.Dispose();
    }

    private async Task ReceiveAsync(IDatagramReceiver receiver)
    {
        var cancellation = _stopping.Token;
        var buffer = GC.AllocateUninitializedArray<byte>(MaxDatagram, pinned: true);
        var name = new SocketAddress(Socket.AddressFamily);
        var batch = 0;
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                var pending = Socket.ReceiveFromAsync(buffer, SocketFlags.None, name, cancellation);
                if (batch > 0 && (!pending.IsCompleted || batch == MaxBatch))
                {
                    batch = 0;
                    EndBatch(receiver);
                }

                var length = await pending.ConfigureAwait(false);
                batch++;
                Counters.Received(1, length);
                Deliver(receiver, buffer.AsSpan(0, length), PortableSocketAddress.Read(name));
            }
            catch (SocketException e) when (e.SocketErrorCode != SocketError.OperationAborted)
            {
                // Windows reports an unreachable peer here, and a datagram that is too long; neither concerns the next one.
                Counters.ReceiveFailed();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private void Deliver(IDatagramReceiver receiver, Span<byte> datagram, UdpAddress from)
    {
        try
        {
            receiver.Receive(datagram, PathAddress.Direct(from));
        }
        catch (Exception e)
        {
            ReceiverFailed(e);
        }
    }

    private void EndBatch(IDatagramReceiver receiver)
    {
        try
        {
            receiver.EndOfBatch();
        }
        catch (Exception e)
        {
            ReceiverFailed(e);
        }
    }
}
