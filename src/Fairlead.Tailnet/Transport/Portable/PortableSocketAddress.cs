using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Fairlead.Tailnet.Transport.Portable;

/// <summary>Reads and rewrites socket addresses in place. Behind the family, all systems lay them out alike.</summary>
internal static class PortableSocketAddress
{
    public static void Write(in UdpAddress address, SocketAddress name)
    {
        var bytes = name.Buffer.Span;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], address.Port);
        if (name.Family == AddressFamily.InterNetwork)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)address.Address);
            return;
        }

        bytes[4..8].Clear();
        BinaryPrimitives.WriteUInt128BigEndian(bytes[8..], address.Address);
        MemoryMarshal.Write(bytes[24..], address.ScopeId);
    }

    public static UdpAddress Read(SocketAddress name)
    {
        var bytes = name.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return name.Family == AddressFamily.InterNetwork
            ? UdpAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), port)
            : new UdpAddress(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), port, MemoryMarshal.Read<uint>(bytes[24..]));
    }
}
