using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary>A socket that moves many datagrams with each system call.</summary>
internal sealed unsafe class LinuxUdpSocket : UdpSocket
{
    // A socket that never runs dry gives way to others after so many calls.
    private const int CallsPerTurn = 16;

    // Coalesced messages are large; a few are as much as a second-level cache takes. Single datagrams are small.
    private const int CoalescedMessages = 4;
    private const int CoalescedSize = 8 << 10;

    private readonly SafeSocketHandle _handle;
    private readonly UdpBatchSender _sender;
    private IDatagramReceiver? _receiver;
    private long _id;
    private int _expected = ReceiveBuffers.Capacity;
    private bool _oneByOne;

    public LinuxUdpSocket(Socket socket, bool offload, UdpCounters counters, ILogger logger)
        : base(socket, counters, logger)
    {
        _handle = socket.SafeHandle;
        _sender = new UdpBatchSender(offload && Supports(socket, LibC.UDP_SEGMENT), counters);
        if (offload)
        {
            Enable(socket, LibC.UDP_GRO);
        }
    }

    public override void Start(IDatagramReceiver receiver)
    {
        _receiver = receiver;
        // Set before the socket can become readable: a thread of the loop reads it.
        _id = ReceiveLoop.Shared.NextId();
        ReceiveLoop.Shared.Add(this, (int)_handle.DangerousGetHandle(), _id);
    }

    public override void Send(in UdpAddress to, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        if (!TryEnter())
        {
            Counters.Dropped((datagrams.Length + datagramSize - 1) / datagramSize);
            return;
        }

        try
        {
            _sender.Send((int)_handle.DangerousGetHandle(), to, datagrams, datagramSize);
        }
        finally
        {
            _handle.DangerousRelease();
        }
    }

    /// <summary>Receives what is there. Called by one thread at a time.</summary>
    public void Drain(ReceiveBuffers buffers)
    {
        for (var call = 0; call < CallsPerTurn; call++)
        {
            var room = _oneByOne ? 1 : _expected;
            var count = Receive(buffers, room);
            if (count > 0)
            {
                Deliver(buffers, count);
            }

            if (count < room)
            {
                break;
            }
        }

        if (TryEnter())
        {
            ReceiveLoop.Shared.Rearm((int)_handle.DangerousGetHandle(), _id);
            _handle.DangerousRelease();
        }
    }

    public override void Dispose()
    {
        if (TryEnter())
        {
            if (_id != 0)
            {
                ReceiveLoop.Shared.Remove((int)_handle.DangerousGetHandle(), _id);
            }

            _handle.DangerousRelease();
        }

        Socket.Dispose();
    }

    private static bool Supports(Socket socket, int option)
    {
        try
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            socket.GetRawSocketOption(LibC.SOL_UDP, option, value);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Enable(Socket socket, int option)
    {
        try
        {
            socket.SetRawSocketOption(LibC.SOL_UDP, option, [1, 0, 0, 0]);
        }
        catch (SocketException)
        {
            // Linux before 5.0, or a sandbox with a network stack of its own: datagrams come one by one.
        }
    }

    /// <summary>Keeps the descriptor from being closed, and its number from being given to another file, until it is released.</summary>
    private bool TryEnter()
    {
        var entered = false;
        try
        {
            if (!_handle.IsClosed)
            {
                _handle.DangerousAddRef(ref entered);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed between the question and the reference.
        }

        return entered;
    }

    /// <returns>How many messages there are; 0 for none or an error.</returns>
    private int Receive(ReceiveBuffers buffers, int room)
    {
        if (!TryEnter())
        {
            return 0;
        }

        buffers.Prepare(room);
        int count;
        try
        {
            var descriptor = (int)_handle.DangerousGetHandle();
            if (_oneByOne)
            {
                var length = LibC.recvmsg(descriptor, &buffers.Entries->Header, LibC.MSG_DONTWAIT);
                buffers.Entries->Length = (uint)Math.Max(length, 0);
                count = length >= 0 ? 1 : -1;
            }
            else
            {
                count = LibC.recvmmsg(descriptor, buffers.Entries, (uint)room, LibC.MSG_DONTWAIT, null);
            }
        }
        finally
        {
            _handle.DangerousRelease();
        }

        return count >= 0 ? count : Failed((LinuxError)Marshal.GetLastPInvokeError());
    }

    private int Failed(LinuxError error)
    {
        if (error is LinuxError.NoSystemCall or LinuxError.NotPermitted && !_oneByOne)
        {
            _oneByOne = true;
        }
        else if (error is not (LinuxError.TryAgain or LinuxError.Interrupted))
        {
            Counters.ReceiveFailed();
        }

        return 0;
    }

    private void Deliver(ReceiveBuffers buffers, int count)
    {
        var datagrams = 0;
        long bytes = 0;
        for (var index = 0; index < count; index++)
        {
            var message = buffers.Message(index);
            var from = PathAddress.Direct(buffers.From(index));
            var size = buffers.SegmentSize(index);
            size = size > 0 ? size : Math.Max(message.Length, 1);
            bytes += message.Length;
            for (var start = 0; start < message.Length; start += size)
            {
                datagrams++;
                Deliver(message.Slice(start, Math.Min(size, message.Length - start)), from);
            }
        }

        Counters.Received(datagrams, bytes);
        _expected = bytes / count >= CoalescedSize ? CoalescedMessages : ReceiveBuffers.Capacity;
        try
        {
            _receiver!.EndOfBatch();
        }
        catch (Exception e)
        {
            ReceiverFailed(e);
        }
    }

    private void Deliver(Span<byte> datagram, in PathAddress from)
    {
        try
        {
            _receiver!.Receive(datagram, from);
        }
        catch (Exception e)
        {
            ReceiverFailed(e);
        }
    }
}
