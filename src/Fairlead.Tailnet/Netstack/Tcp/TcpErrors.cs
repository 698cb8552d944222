using System.Net.Sockets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Failures of a connection in the form .NET's network streams use.</summary>
internal static class TcpErrors
{
    public static IOException Create(SocketError reason)
    {
        var inner = new SocketException((int)reason);
        var what = reason switch
        {
            SocketError.ConnectionReset => "The peer reset the connection.",
            SocketError.ConnectionRefused => "The peer refused the connection.",
            SocketError.TimedOut => "The peer stopped answering.",
            SocketError.OperationAborted => "The connection was closed on this side.",
            SocketError.Shutdown => "The connection was closed for writing.",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "The network reported the peer as unreachable.",
            SocketError.NetworkDown => "The network stack was shut down.",
            SocketError.AccessDenied => "The peer may not connect here any more.",
            SocketError.AddressNotAvailable => "The connection's local address was removed.",
            _ => $"The connection failed: {reason}.",
        };
        return new IOException(what, inner);
    }
}
