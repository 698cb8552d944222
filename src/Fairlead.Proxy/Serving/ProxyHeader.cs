using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Proxy.Serving;

/// <summary>What tells a server, before a connection's first byte, who is at its other end: the PROXY protocol, versions 1 and 2.</summary>
internal static class ProxyHeader
{
    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <param name="version">1 for text, 2 for binary.</param>
    public static byte[] Of(int version, IPEndPoint source, IPEndPoint destination) =>
        version == 1 ? Text(source, destination) : Binary(source, destination);

    private static byte[] Text(IPEndPoint source, IPEndPoint destination) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"PROXY TCP{(source.AddressFamily == AddressFamily.InterNetwork ? 4 : 6)} {source.Address} {destination.Address} {source.Port} {destination.Port}\r\n"));

    private static byte[] Binary(IPEndPoint source, IPEndPoint destination)
    {
        var isIPv4 = source.AddressFamily == AddressFamily.InterNetwork;
        var addressLength = isIPv4 ? 4 : 16;
        var header = new byte[16 + (2 * addressLength) + 4];
        Signature.CopyTo(header);
        header[12] = 0x21; // version 2, a proxied connection
        header[13] = isIPv4 ? (byte)0x11 : (byte)0x21; // TCP over IPv4 or IPv6
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), (ushort)(header.Length - 16));
        source.Address.TryWriteBytes(header.AsSpan(16), out _);
        destination.Address.TryWriteBytes(header.AsSpan(16 + addressLength), out _);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(16 + (2 * addressLength)), (ushort)source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(18 + (2 * addressLength)), (ushort)destination.Port);
        return header;
    }
}
