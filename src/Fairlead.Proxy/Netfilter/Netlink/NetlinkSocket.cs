using System.Runtime.InteropServices;

namespace Fairlead.Proxy.Netfilter.Netlink;

/// <summary>A socket to one of the kernel's netlink families. The network namespace is that of the thread that opens it.</summary>
internal sealed class NetlinkSocket : IDisposable
{
    public const int Route = 0;
    public const int Netfilter = 12;

    // linux/netlink.h
    public const ushort MessageError = 2;
    public const ushort MessageDone = 3;
    public const ushort FlagRequest = 0x1;
    public const ushort FlagAcknowledge = 0x4;
    public const ushort FlagDump = 0x300;
    public const ushort FlagDumpInterrupted = 0x10;
    private const int AddressFamily = 16;
    private const int LevelNetlink = 270;
    private const int OptionShortAcknowledgements = 10;
    private const int OptionExtendedErrors = 11;

    // sys/socket.h
    private const int SocketRaw = 3;
    private const int CloseOnExec = 0x80000;
    private const int LevelSocket = 1;
    private const int OptionSendBuffer = 7;
    private const int OptionReceiveBuffer = 8;
    private const int OptionReceiveTimeout = 20;
    private const int OptionSendBufferForce = 32;

    // A batch must fit the socket's buffer whole. A port map takes some 500 bytes: this is room for thousands.
    private const int SendBuffer = 4 << 20;

    // The kernel never writes a dump's piece that is larger, whatever the page size.
    private const int ReceiveBuffer = 64 << 10;

    // The kernel answers while it is being asked; this is reached only if an answer got lost.
    private const long ReceiveSeconds = 10;

    private readonly NetlinkHandle _handle;
    private readonly byte[] _received = new byte[ReceiveBuffer];
    private uint _sequence;

    /// <exception cref="NetlinkException">The kernel has no such family.</exception>
    public NetlinkSocket(int family)
    {
        _handle = NetlinkCalls.Socket(AddressFamily, SocketRaw | CloseOnExec, family);
        if (_handle.IsInvalid)
        {
            throw new NetlinkException(Marshal.GetLastPInvokeError(), 0, "");
        }

        // The forced size takes CAP_NET_ADMIN outside of user namespaces; without, the system's limit applies.
        if (!SetOption(LevelSocket, OptionSendBufferForce, SendBuffer))
        {
            SetOption(LevelSocket, OptionSendBuffer, SendBuffer);
        }

        SetOption(LevelSocket, OptionReceiveBuffer, SendBuffer);
        SetOption(LevelNetlink, OptionShortAcknowledgements, 1);
        SetOption(LevelNetlink, OptionExtendedErrors, 1);
        Span<byte> timeout = stackalloc byte[2 * nint.Size];
        timeout.Clear();
        MemoryMarshal.Write(timeout, (nint)ReceiveSeconds);
        NetlinkCalls.SetOption(_handle, LevelSocket, OptionReceiveTimeout, timeout, (uint)timeout.Length);
    }

    public uint NextSequence() => ++_sequence;

    /// <exception cref="NetlinkException">They cannot be sent, as when they are too long together.</exception>
    public void Send(ReadOnlySpan<byte> messages)
    {
        if (NetlinkCalls.Send(_handle, messages, (nuint)messages.Length, 0) < 0)
        {
            throw new NetlinkException(Marshal.GetLastPInvokeError(), 0, "");
        }
    }

    /// <summary>Waits for the next messages. Errors are messages too; an acknowledgement is an error 0.</summary>
    /// <returns>Messages whose bytes are overwritten by the next call.</returns>
    /// <exception cref="NetlinkException">No answer came.</exception>
    /// <exception cref="InvalidDataException">What came are no messages.</exception>
    public List<NetlinkReply> Receive()
    {
        nint length;
        while ((length = NetlinkCalls.Receive(_handle, _received, (nuint)_received.Length, 0)) < 0)
        {
            if (Marshal.GetLastPInvokeError() is not NetlinkException.Interrupted and var error)
            {
                throw new NetlinkException(error, 0, "no answer from the kernel");
            }
        }

        return NetlinkReply.ReadAll(_received.AsMemory(0, (int)length));
    }

    public void Dispose() => _handle.Dispose();

    private bool SetOption(int level, int option, int value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        MemoryMarshal.Write(bytes, value);
        return NetlinkCalls.SetOption(_handle, level, option, bytes, sizeof(int)) == 0;
    }
}
