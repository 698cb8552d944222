using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>A received segment, its checksum verified.</summary>
internal readonly ref struct TcpSegment
{
    public const int HeaderSize = 20;
    public const int LargestHeader = 60;

    public uint SequenceNumber { get; private init; }

    public uint Acknowledgement { get; private init; }

    public TcpFlags Flags { get; private init; }

    /// <summary>As on the wire, not scaled.</summary>
    public ushort Window { get; private init; }

    public TcpOptionList Options { get; private init; }

    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <summary>Sequence numbers it takes up.</summary>
    public uint Length => (uint)Payload.Length + (Has(TcpFlags.Syn) ? 1u : 0) + (Has(TcpFlags.Fin) ? 1u : 0);

    public uint End => SequenceNumber + Length;

    public bool Has(TcpFlags flag) => (Flags & flag) != 0;

    /// <summary>Reads a segment; false if it is damaged or no segment at all.</summary>
    public static bool TryParse(in IpDatagram datagram, out FlowKey key, out TcpSegment segment)
    {
        key = default;
        segment = default;
        var bytes = datagram.Payload;
        if (bytes.Length < HeaderSize)
        {
            return false;
        }

        var headerLength = (bytes[12] >> 4) * 4;
        if (headerLength < HeaderSize || headerLength > bytes.Length || !datagram.Source.IsUnicast || !datagram.Destination.IsUnicast)
        {
            return false;
        }

        var sum = Checksum.PseudoHeader(datagram.Source, datagram.Destination, IpProtocol.Tcp) + Checksum.Length(bytes.Length);
        if (Checksum.Finish(Checksum.Add(sum, bytes)) != 0)
        {
            return false;
        }

        var ports = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        key = new FlowKey(datagram.Destination, datagram.Source, (ushort)ports, (ushort)(ports >> 16));
        segment = new TcpSegment
        {
            SequenceNumber = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
            Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            Flags = (TcpFlags)bytes[13],
            Window = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]),
            Options = TcpOptionList.Parse(bytes[HeaderSize..headerLength]),
            Payload = bytes[headerLength..],
        };
        return key.LocalPort != 0 && key.RemotePort != 0;
    }

    /// <summary>The segment without its SYN and what precedes its payload; for the simultaneous open of <c>SYN-RECEIVED</c>.</summary>
    public TcpSegment WithoutSyn() => new()
    {
        SequenceNumber = SequenceNumber + (Has(TcpFlags.Syn) ? 1u : 0),
        Acknowledgement = Acknowledgement,
        Flags = Flags & ~TcpFlags.Syn,
        Window = Window,
        Options = Options,
        Payload = Payload,
    };
}
