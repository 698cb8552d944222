using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Transport.Linux;
using Fairlead.Tailnet.Transport.Portable;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Transport;

/// <summary>One bound socket of one address family.</summary>
internal abstract partial class UdpSocket(Socket socket, UdpCounters counters, ILogger logger) : IDisposable
{
    public ushort Port { get; } = (ushort)((IPEndPoint)socket.LocalEndPoint!).Port;

    protected Socket Socket { get; } = socket;

    protected UdpCounters Counters { get; } = counters;

    protected bool IsIPv6 { get; } = socket.AddressFamily == AddressFamily.InterNetworkV6;

    /// <exception cref="SocketException">The address or port cannot be bound.</exception>
    public static UdpSocket Bind(IPAddress address, ushort port, UdpTransportOptions options, UdpCounters counters)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }
            else if (OperatingSystem.IsLinux() || OperatingSystem.IsWindows())
            {
                // Routers may cut what does not fit their links, which works even where their complaints are filtered. Linux would have them
                // refuse it. With IPv6 only the sender can do that, and does when told.
                socket.DontFragment = false;
            }

            socket.ReceiveBufferSize = options.SocketBufferSize;
            socket.SendBufferSize = options.SocketBufferSize;
            socket.Bind(new IPEndPoint(address, port));
            return OperatingSystem.IsLinux() && options.Batching != UdpBatching.None
                ? new LinuxUdpSocket(socket, options.Batching == UdpBatching.Automatic, counters, options.Logger)
                : new PortableUdpSocket(socket, counters, options.Logger);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public abstract void Start(IDatagramReceiver receiver);

    /// <inheritdoc cref="IDatagramSender.Send"/>
    public abstract void Send(in UdpAddress to, ReadOnlySpan<byte> datagrams, int datagramSize);

    public abstract void Dispose();

    /// <summary>A receiver that throws has a fault of its own; the datagram is lost, and the others still get theirs.</summary>
    protected void ReceiverFailed(Exception exception)
    {
        Counters.ReceiveFailed();
        LogReceiverFailed(logger, exception);
    }

    [LoggerMessage(1, LogLevel.Error, "A datagram was dropped: what handles it failed. Please report this.")]
    private static partial void LogReceiverFailed(ILogger logger, Exception exception);
}
