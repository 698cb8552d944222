using System.Net.Sockets;

namespace Fairlead.Proxy.Tests.Netfilter.Traffic;

/// <summary>How large the segments are that a TCP connection sends.</summary>
internal static class SegmentSize
{
    // netinet/in.h, netinet/tcp.h
    private const int TcpLevel = 6;
    private const int MaximumSegment = 2;

    public static int Of(Socket connection)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        connection.GetRawSocketOption(TcpLevel, MaximumSegment, value);
        return BitConverter.ToInt32(value);
    }
}
