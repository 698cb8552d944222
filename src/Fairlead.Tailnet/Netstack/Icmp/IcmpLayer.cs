using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Icmp;

/// <summary>Answers echo requests, reports and takes in errors (RFC 792, RFC 4443).</summary>
internal sealed class IcmpLayer
{
    private const int HeaderSize = 8;
    private const byte EchoReplyV4 = 0;
    private const byte EchoRequestV4 = 8;
    private const byte EchoRequestV6 = 128;
    private const byte EchoReplyV6 = 129;

    // RFC 1812 section 4.3.2.3 has an ICMPv4 error fit 576 bytes; RFC 4443 section 2.4 an ICMPv6 one fit the least MTU.
    private const int LargestErrorV4 = 576;
    private const int LargestErrorV6 = 1280;

    private readonly StackServices _services;
    private readonly EchoClient _echo;
    private readonly RateLimiter _errors;
    private readonly Action<IcmpReport> _report;

    public IcmpLayer(StackServices services, Action<IcmpReport> report)
    {
        _services = services;
        _report = report;
        _echo = new EchoClient(services);
        _errors = new RateLimiter(services.Clock, perSecond: 100, burst: 20);
    }

    public EchoClient Echo => _echo;

    public void Receive(in IpDatagram datagram, bool foreign)
    {
        var message = datagram.Payload;
        if (message.Length < HeaderSize || !HasChecksum(datagram))
        {
            return;
        }

        var version6 = !datagram.Source.IsV4;
        if (message[0] == (version6 ? EchoRequestV6 : EchoRequestV4))
        {
            if (!foreign && datagram.Source.IsUnicast && datagram.Destination.IsUnicast)
            {
                Reply(datagram, version6 ? EchoReplyV6 : EchoReplyV4);
            }
        }
        else if (message[0] == (version6 ? EchoReplyV6 : EchoReplyV4))
        {
            _echo.Receive(datagram);
        }
        else if (IcmpReport.TryParse(datagram, out var report))
        {
            _report(report);
        }
    }

    /// <summary>Reports an error about a datagram to its sender, unless RFC 1122 section 3.2.2 forbids it or too many were reported.</summary>
    public void Send(in IpDatagram about, IcmpError error)
    {
        if (!about.Source.IsUnicast || !about.Destination.IsUnicast || about.Reassembled || !_errors.TryTake())
        {
            return;
        }

        var version6 = !about.Source.IsV4;
        var (type, code) = (error, version6) switch
        {
            (IcmpError.PortUnreachable, false) => (3, 3),
            (IcmpError.ProtocolUnreachable, false) => (3, 2),
            (IcmpError.PortUnreachable, true) => (1, 4),
            _ => (4, 1), // unrecognized next header
        };
        var ipHeader = IpOutput.HeaderSize(about.Source);
        var quote = about.Packet[..Math.Min(about.Packet.Length, (version6 ? LargestErrorV6 : LargestErrorV4) - ipHeader - HeaderSize)];
        var packet = IpOutput.Scratch(ipHeader + HeaderSize + quote.Length);
        var message = packet[ipHeader..];
        message[0] = (byte)type;
        message[1] = (byte)code;
        var pointer = type == 4 ? NextHeaderOffset(about) : 0u;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], pointer);
        quote.CopyTo(message[HeaderSize..]);
        Finish(packet, message, about.Destination, about.Source);
    }

    /// <summary>Writes checksum and IP header, and sends.</summary>
    internal static void Finish(IpOutput ip, Span<byte> packet, Span<byte> message, in IpAddress source, in IpAddress destination, int mtu)
    {
        var protocol = source.IsV4 ? IpProtocol.IcmpV4 : IpProtocol.IcmpV6;
        message[2] = 0;
        message[3] = 0;
        var sum = source.IsV4 ? 0 : Checksum.PseudoHeader(source, destination, protocol) + Checksum.Length(message.Length);
        Checksum.Store(message[2..], Checksum.Finish(Checksum.Add(sum, message)));
        ip.SendDatagram(packet, source, destination, protocol, mtu);
    }

    private static bool HasChecksum(in IpDatagram datagram)
    {
        var sum = datagram.Source.IsV4
            ? 0
            : Checksum.PseudoHeader(datagram.Source, datagram.Destination, IpProtocol.IcmpV6) + Checksum.Length(datagram.Payload.Length);
        return Checksum.Finish(Checksum.Add(sum, datagram.Payload)) == 0;
    }

    /// <summary>Where in the packet the next header is named that the error is about.</summary>
    private static uint NextHeaderOffset(in IpDatagram datagram)
    {
        var offset = 6u;
        var next = datagram.Packet[6];
        var position = IpOutput.V6HeaderSize;
        while (next != datagram.Protocol && position + 8 <= datagram.Packet.Length)
        {
            offset = (uint)position;
            var length = next == IpProtocol.Fragment ? 8 : (datagram.Packet[position + 1] + 1) * 8;
            next = datagram.Packet[position];
            position += length;
        }

        return offset;
    }

    private void Reply(in IpDatagram request, byte type)
    {
        var ipHeader = IpOutput.HeaderSize(request.Source);
        var packet = IpOutput.Scratch(ipHeader + request.Payload.Length);
        var message = packet[ipHeader..];
        request.Payload.CopyTo(message);
        message[0] = type;
        Finish(packet, message, request.Destination, request.Source);
    }

    private void Finish(Span<byte> packet, Span<byte> message, in IpAddress source, in IpAddress destination) =>
        Finish(_services.Ip, packet, message, source, destination, _services.Paths.MtuTo(destination, _services.Ip.Mtu));
}
