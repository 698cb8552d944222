using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;

namespace Fairlead.Tailnet.Relaying;

/// <summary>Keep-alives of the system's sockets, as the network stack's connections have them.</summary>
public static class SystemKeepAlive
{
    public static void Use(TcpConnectionOptions options, Socket socket)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(socket);
        if (options.KeepAliveTime is not { } time)
        {
            return;
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Seconds(time));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Seconds(options.KeepAliveInterval));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, options.KeepAliveProbes);
    }

    // The system counts whole seconds, from one on.
    private static int Seconds(TimeSpan time) => (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, short.MaxValue);
}
