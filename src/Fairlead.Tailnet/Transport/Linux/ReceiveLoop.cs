using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Linux;

/// <summary>
/// Waits for all sockets of the process at once, on as many threads as there are processors. Whichever is free takes the next readable
/// socket, and no other sees it until it is done (one-shot readiness): a busy socket keeps its order, an idle thread none waiting.
/// </summary>
internal sealed unsafe class ReceiveLoop
{
    // More would contend for the sockets of a process that also has other work.
    private const int MaxThreads = 8;

    // struct epoll_event is packed on x86-64 alone (eventpoll.h).
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    private static readonly Lazy<ReceiveLoop> Instance = new(() => new ReceiveLoop());

    private readonly ConcurrentDictionary<long, LinuxUdpSocket> _sockets = new();
    private readonly int _epoll;
    private long _lastId;

    private ReceiveLoop()
    {
        _epoll = LibC.epoll_create1(LibC.EPOLL_CLOEXEC);
        if (_epoll < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        for (var index = 0; index < Math.Min(Environment.ProcessorCount, MaxThreads); index++)
        {
            new Thread(Run) { IsBackground = true, Name = $"tailnet receive {index}" }.Start();
        }
    }

    /// <summary>One for the process, begun with its first socket and never ended.</summary>
    public static ReceiveLoop Shared => Instance.Value;

    /// <summary>A new id for a socket, to register it under.</summary>
    public long NextId() => Interlocked.Increment(ref _lastId);

    public void Add(LinuxUdpSocket socket, int descriptor, long id)
    {
        _sockets[id] = socket;
        if (Control(LibC.EPOLL_CTL_ADD, descriptor, id) != 0)
        {
            _sockets.TryRemove(id, out _);
            throw new SocketException(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Waits for the socket to become readable again. The caller makes sure that the descriptor is still the socket's.</summary>
    public void Rearm(int descriptor, long id) => Control(LibC.EPOLL_CTL_MOD, descriptor, id);

    /// <inheritdoc cref="Rearm"/>
    public void Remove(int descriptor, long id)
    {
        Control(LibC.EPOLL_CTL_DEL, descriptor, id);
        _sockets.TryRemove(id, out _);
    }

    private int Control(int operation, int descriptor, long id)
    {
        var entry = stackalloc byte[16];
        *(uint*)entry = LibC.EPOLLIN | LibC.EPOLLONESHOT;
        *(long*)(entry + DataOffset) = id;
        return LibC.epoll_ctl(_epoll, operation, descriptor, entry);
    }

    private void Run()
    {
        var buffers = new ReceiveBuffers();
        var entry = stackalloc byte[16];
        while (true)
        {
            // The only error that can occur is an interruption by a signal.
            if (LibC.epoll_wait(_epoll, entry, 1, -1) == 1 && _sockets.TryGetValue(*(long*)(entry + DataOffset), out var socket))
            {
                socket.Drain(buffers);
            }
        }
    }
}
