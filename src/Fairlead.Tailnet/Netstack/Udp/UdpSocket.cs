using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Ip;

namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>
/// Sends and receives datagrams. Takes one receive at a time, and any number of sends. What arrives while nobody receives waits in a
/// bounded queue; what does not fit is dropped, as is the way of UDP.
/// </summary>
public sealed class UdpSocket : IDisposable
{
    private const int QueueBytes = 256 * 1024;

    private readonly UdpLayer _layer;
    private readonly FlowKey? _flow;
    private readonly IpAddress _local;
    private readonly Queue<QueuedDatagram> _queue = new();
    private ReceiveOperation? _receive;
    private IPEndPoint? _lastRemote;
    private int _queuedBytes;
    private SocketError? _error;
    private bool _disposed;
    private bool _used;

    /// <param name="owner">Of a flow that a handler is to take; null for others.</param>
    internal UdpSocket(UdpLayer layer, IPEndPoint local, FlowKey? flow, object? owner)
    {
        _layer = layer;
        _flow = flow;
        _local = IpAddress.From(local.Address);
        Owner = owner;
        LocalEndPoint = local;
        RemoteEndPoint = flow?.RemoteEndPoint;
    }

    /// <summary>The port is never 0; the address is unspecified if datagrams to any are taken.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>The only peer of a connected socket, else null.</summary>
    public IPEndPoint? RemoteEndPoint { get; }

    internal Lock Gate { get; } = new();

    internal FlowKey? Flow => _flow;

    /// <summary>Of a flow that a handler took; null for others.</summary>
    internal object? Owner { get; }

    /// <summary>Its place among the flows of its owner; that of <see cref="ForwardedFlows"/>.</summary>
    internal LinkedListNode<UdpSocket>? Place { get; set; }

    /// <summary>
    /// Waits for a datagram. One larger than the buffer is cut to it; but an empty buffer only waits until there is one, and leaves it.
    /// </summary>
    /// <exception cref="SocketException">
    /// A connected socket's peer reported that nobody takes its datagrams (<see cref="SocketError.ConnectionRefused"/>), once per report; or
    /// the socket was disposed (<see cref="SocketError.OperationAborted"/>).
    /// </exception>
    public ValueTask<UdpReceipt> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<UdpReceipt>(cancellationToken);
        }

        lock (Gate)
        {
            if (_receive is { IsActive: true })
            {
                throw new InvalidOperationException("A receive is under way: a socket takes one at a time.");
            }

            if (TryReceive(buffer.Span, out var receipt, out var failure))
            {
                return failure is { } reason
                    ? ValueTask.FromException<UdpReceipt>(new SocketException((int)reason))
                    : ValueTask.FromResult(receipt);
            }

            _receive ??= new ReceiveOperation(this, _layer.Work);
            return _receive.Start(buffer, cancellationToken);
        }
    }

    /// <summary>Sends to the peer of a connected socket.</summary>
    /// <inheritdoc cref="SendTo(ReadOnlySpan{byte}, IPEndPoint)"/>
    /// <exception cref="InvalidOperationException">The socket is not connected.</exception>
    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (_flow is not { } flow)
        {
            throw new InvalidOperationException("The socket is not connected: name a destination.");
        }

        ThrowIfFailed();
        _used = true;
        _layer.Send(flow, datagram);
    }

    /// <summary>Sends a datagram. It never waits: what the network cannot take is dropped.</summary>
    /// <exception cref="SocketException">
    /// The datagram is too large (<see cref="SocketError.MessageSize"/>), no address fits the destination, or an error was reported before.
    /// </exception>
    public void SendTo(ReadOnlySpan<byte> datagram, IPEndPoint remote)
    {
        ArgumentNullException.ThrowIfNull(remote);
        ThrowIfFailed();
        _layer.Send(_local, (ushort)LocalEndPoint.Port, IpAddress.From(remote.Address), (ushort)remote.Port, datagram);
    }

    public void Dispose()
    {
        lock (Gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            while (_queue.TryDequeue(out var datagram))
            {
                ArrayPool<byte>.Shared.Return(datagram.Buffer);
            }

            _receive?.Wake();
        }

        _layer.Close(this);
    }

    /// <summary>Takes the next datagram, or tells what went wrong; under the lock.</summary>
    /// <returns>False if there is nothing to tell yet.</returns>
    internal bool TryReceive(Span<byte> buffer, out UdpReceipt receipt, out SocketError? failure)
    {
        receipt = default;
        failure = _disposed ? SocketError.OperationAborted : TakeError();
        if (failure is not null)
        {
            return true;
        }

        if (!_queue.TryPeek(out var datagram))
        {
            return false;
        }

        if (buffer.IsEmpty)
        {
            receipt = new UdpReceipt(0, Remote(datagram));
            return true;
        }

        _queue.Dequeue();

        var length = Math.Min(datagram.Length, buffer.Length);
        datagram.Buffer.AsSpan(0, length).CopyTo(buffer);
        ArrayPool<byte>.Shared.Return(datagram.Buffer);
        _queuedBytes -= Cost(datagram.Length);
        receipt = new UdpReceipt(length, Remote(datagram));
        return true;
    }

    /// <summary>A datagram arrived.</summary>
    internal void Deliver(in FlowKey flow, ReadOnlySpan<byte> payload)
    {
        lock (Gate)
        {
            if (_disposed || _queuedBytes + Cost(payload.Length) > QueueBytes)
            {
                return;
            }

            var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
            payload.CopyTo(buffer);
            _queue.Enqueue(new QueuedDatagram(buffer, payload.Length, flow.Remote, flow.RemotePort));
            _queuedBytes += Cost(payload.Length);
            _used = true;
            _receive?.Wake();
        }
    }

    /// <summary>Whether something went through it since this was last asked.</summary>
    internal bool TakeUsed() => Interlocked.Exchange(ref _used, false);

    /// <summary>The peer, or a router, reported an error.</summary>
    internal void Report(SocketError error)
    {
        lock (Gate)
        {
            _error = error;
            _receive?.Wake();
        }
    }

    // An empty datagram takes memory as well.
    private static int Cost(int length) => length + 128;

    private IPEndPoint Remote(in QueuedDatagram datagram)
    {
        if (RemoteEndPoint is not null)
        {
            return RemoteEndPoint;
        }

        // Mostly the same peer again: then nothing need be allocated.
        if (_lastRemote is null || _lastRemote.Port != datagram.RemotePort || IpAddress.From(_lastRemote.Address) != datagram.Remote)
        {
            _lastRemote = new IPEndPoint(datagram.Remote.ToIPAddress(), datagram.RemotePort);
        }

        return _lastRemote;
    }

    private SocketError? TakeError()
    {
        var error = _error;
        _error = null;
        return error;
    }

    private void ThrowIfFailed()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        lock (Gate)
        {
            if (TakeError() is { } error)
            {
                throw new SocketException((int)error);
            }
        }
    }
}
