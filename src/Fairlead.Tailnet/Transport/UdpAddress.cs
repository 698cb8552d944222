using System.Net;
using System.Net.Sockets;

namespace Fairlead.Tailnet.Transport;

/// <summary>
/// Address and port of a UDP socket, without allocation: an IPv6 address, or an IPv4 address in its mapped form, and the scope of
/// link-local ones.
/// </summary>
public readonly record struct UdpAddress(UInt128 Address, ushort Port, uint ScopeId = 0)
{
    private static readonly UInt128 MappedPrefix = new(0, 0x0000_FFFF_0000_0000);

    public bool IsIPv4 => (Address >> 32) == (MappedPrefix >> 32);

    public bool IsNone => Port == 0;

    /// <param name="address">The address as a number, in host order.</param>
    public static UdpAddress FromIPv4(uint address, ushort port) => new(MappedPrefix | address, port);

    public static UdpAddress From(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return From(endPoint.Address, (ushort)endPoint.Port);
    }

    public static UdpAddress From(IPAddress address, ushort port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        (address.AddressFamily == AddressFamily.InterNetwork ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
        var scope = address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0;
        return new UdpAddress(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes), port, scope);
    }

    public IPEndPoint ToEndPoint()
    {
        Span<byte> bytes = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(bytes, Address);
        return new IPEndPoint(IsIPv4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes, ScopeId), Port);
    }

    public override string ToString() => IsNone ? "none" : ToEndPoint().ToString();
}
