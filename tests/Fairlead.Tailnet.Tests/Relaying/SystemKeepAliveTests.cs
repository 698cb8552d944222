using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Relaying;

namespace Fairlead.Tailnet.Tests.Relaying;

public sealed class SystemKeepAliveTests
{
    [Fact]
    public void A_socket_of_the_system_asks_as_often_as_the_stacks_connections_do()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        SystemKeepAlive.Use(TcpConnectionOptions.KeptAlive, socket);

        Assert.Equal((true, 120, 15, 4), Of(socket));
    }

    [Fact]
    public void A_time_below_the_systems_unit_is_the_shortest_it_has()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);

        SystemKeepAlive.Use(new TcpConnectionOptions { KeepAliveTime = TimeSpan.FromMilliseconds(20), KeepAliveInterval = TimeSpan.FromMilliseconds(1500), KeepAliveProbes = 2 }, socket);

        Assert.Equal((true, 1, 2, 2), Of(socket));
    }

    [Fact]
    public void A_socket_is_left_as_it_is_where_none_are_asked_for()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var before = Of(socket);

        SystemKeepAlive.Use(TcpConnectionOptions.Default, socket);

        Assert.Equal(before, Of(socket));
        Assert.False(before.IsOn);
    }

    /// <summary>As the kernel has them; times in seconds.</summary>
    internal static (bool IsOn, int Time, int Interval, int Probes) Of(Socket socket) => (
        Option(socket, SocketOptionLevel.Socket, SocketOptionName.KeepAlive) != 0,
        Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime),
        Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval),
        Option(socket, SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount));

    private static int Option(Socket socket, SocketOptionLevel level, SocketOptionName name) => (int)socket.GetSocketOption(level, name)!;
}
