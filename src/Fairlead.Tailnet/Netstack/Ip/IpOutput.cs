using System.Buffers.Binary;
using System.Numerics;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Ip;

/// <summary>Writes IP headers and hands packets to the link, in fragments where they must be.</summary>
internal sealed class IpOutput(IPacketLink link, LoopbackQueue loopback, StackRandom random)
{
    public const int V4HeaderSize = 20;
    public const int V6HeaderSize = 40;
    private const int FragmentHeaderSize = 8;
    private const byte HopLimit = 64; // the default IANA recommends
    private const int LargestPacket = 65_535 + V6HeaderSize;

    [ThreadStatic]
    private static byte[]? _scratch;

    private int _identification = random.NextInt();

    public int Mtu => link.Mtu;

    public static int HeaderSize(in IpAddress address) => address.IsV4 ? V4HeaderSize : V6HeaderSize;

    /// <summary>Room to write one packet in: the thread's own, so valid until the thread asks again.</summary>
    public static Span<byte> Scratch(int size)
    {
        var buffer = _scratch;
        if (buffer is null || buffer.Length < size)
        {
            _scratch = buffer = new byte[Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)size), 2048, LargestPacket)];
        }

        return buffer.AsSpan(0, size);
    }

    /// <summary>Writes the header of a packet that must not be fragmented.</summary>
    public static void WriteHeader(Span<byte> packet, in IpAddress source, in IpAddress destination, byte protocol)
    {
        if (source.IsV4)
        {
            WriteV4Header(packet, source, destination, protocol, 0, 0x4000);
        }
        else
        {
            WriteV6Header(packet, source, destination, protocol);
        }
    }

    /// <summary>Sends a packet whose header is written and that fits the MTU.</summary>
    public void Send(ReadOnlySpan<byte> packet, in IpAddress destination)
    {
        if (!loopback.TryTake(packet, destination))
        {
            link.Send(packet);
        }
    }

    /// <summary>Writes the header and sends, in fragments if the packet is larger than <paramref name="mtu"/>.</summary>
    /// <param name="packet">Room for the IP header (<see cref="HeaderSize"/>), then the payload.</param>
    public void SendDatagram(Span<byte> packet, in IpAddress source, in IpAddress destination, byte protocol, int mtu)
    {
        if (packet.Length <= mtu)
        {
            // RFC 6864 section 4.1: an identification means nothing where fragments cannot occur; an IPv4 datagram may be cut on its way, though.
            if (source.IsV4)
            {
                WriteV4Header(packet, source, destination, protocol, NextIdentification(), 0);
            }
            else
            {
                WriteV6Header(packet, source, destination, protocol);
            }

            Send(packet, destination);
        }
        else if (source.IsV4)
        {
            SendV4Fragments(packet, source, destination, protocol, mtu);
        }
        else
        {
            SendV6Fragments(packet, source, destination, protocol, mtu);
        }
    }

    public void Flush() => link.Flush();

    private static void WriteV4Header(Span<byte> packet, in IpAddress source, in IpAddress destination, byte protocol, ushort identification, ushort fragment)
    {
        packet[0] = 0x45;
        packet[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(packet[6..], fragment);
        packet[8] = HopLimit;
        packet[9] = protocol;
        packet[10] = 0;
        packet[11] = 0;
        source.WriteV4(packet[12..]);
        destination.WriteV4(packet[16..]);
        Checksum.Store(packet[10..], Checksum.Finish(Checksum.Add(0, packet[..V4HeaderSize])));
    }

    private static void WriteV6Header(Span<byte> packet, in IpAddress source, in IpAddress destination, byte nextHeader)
    {
        BinaryPrimitives.WriteUInt32BigEndian(packet, 0x6000_0000);
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - V6HeaderSize));
        packet[6] = nextHeader;
        packet[7] = HopLimit;
        source.WriteV6(packet[8..]);
        destination.WriteV6(packet[24..]);
    }

    private void SendV4Fragments(Span<byte> packet, in IpAddress source, in IpAddress destination, byte protocol, int mtu)
    {
        var identification = NextIdentification();
        var payload = packet[V4HeaderSize..];
        var size = (mtu - V4HeaderSize) & ~7;
        for (var offset = 0; offset < payload.Length; offset += size)
        {
            // Each header is written over bytes of the fragment before, which the link has read by then.
            var length = Math.Min(size, payload.Length - offset);
            var more = offset + length < payload.Length ? 0x2000 : 0;
            var fragment = packet.Slice(offset, V4HeaderSize + length);
            WriteV4Header(fragment, source, destination, protocol, identification, (ushort)(more | (offset >> 3)));
            Send(fragment, destination);
        }
    }

    private void SendV6Fragments(Span<byte> packet, in IpAddress source, in IpAddress destination, byte protocol, int mtu)
    {
        var identification = (uint)Interlocked.Increment(ref _identification);
        var payload = packet[V6HeaderSize..];
        var size = (mtu - V6HeaderSize - FragmentHeaderSize) & ~7;
        Span<byte> fragment = new byte[V6HeaderSize + FragmentHeaderSize + size];
        for (var offset = 0; offset < payload.Length; offset += size)
        {
            var length = Math.Min(size, payload.Length - offset);
            var more = offset + length < payload.Length ? 1 : 0;
            var piece = fragment[..(V6HeaderSize + FragmentHeaderSize + length)];
            WriteV6Header(piece, source, destination, IpProtocol.Fragment);
            var header = piece[V6HeaderSize..];
            header[0] = protocol;
            header[1] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(offset | more));
            BinaryPrimitives.WriteUInt32BigEndian(header[4..], identification);
            payload.Slice(offset, length).CopyTo(header[FragmentHeaderSize..]);
            Send(piece, destination);
        }
    }

    private ushort NextIdentification() => (ushort)Interlocked.Increment(ref _identification);
}
