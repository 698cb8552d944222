using System.Net;
using System.Net.Sockets;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>Sockets bound to several addresses under one port: a DERP map names one port for both address families.</summary>
internal static class ListeningSockets
{
    // A port that is free for one family is nearly always free for the other; so many misses mean something else is wrong.
    private const int MaxTries = 20;

    /// <summary>
    /// Binds an address each. One that this machine does not have is left out, so that a default of both families works where IPv6 is off.
    /// </summary>
    /// <param name="port">0 = any that is free for all.</param>
    /// <exception cref="SocketException">The port is taken, or none of the addresses is there.</exception>
    public static IReadOnlyList<Socket> Bind(IEnumerable<IPAddress> addresses, int port, SocketType type, ProtocolType protocol)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sockets = new List<Socket>();
            try
            {
                var bound = port;
                foreach (var address in addresses)
                {
                    if (TryBind(address, bound, type, protocol) is not { } socket)
                        continue;
                    sockets.Add(socket);
                    bound = ((IPEndPoint)socket.LocalEndPoint!).Port;
                }

                return sockets.Count > 0 ? sockets : throw new SocketException((int)SocketError.AddressNotAvailable);
            }
            catch (SocketException e)
            {
                sockets.ForEach(socket => socket.Dispose());
                if (port != 0 || e.SocketErrorCode != SocketError.AddressAlreadyInUse || attempt == MaxTries)
                    throw;
            }
        }
    }

    private static Socket? TryBind(IPAddress address, int port, SocketType type, ProtocolType protocol)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(address.AddressFamily, type, protocol);
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported)
        {
            socket?.Dispose();
            return null;
        }
        catch
        {
            socket?.Dispose();
            throw;
        }
    }
}
