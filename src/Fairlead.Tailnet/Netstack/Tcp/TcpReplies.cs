using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Segments that need no connection behind them.</summary>
internal static class TcpReplies
{
    /// <summary>The reset that answers a segment no one expects (RFC 9293 section 3.10.7.1).</summary>
    public static void SendReset(IpOutput ip, in FlowKey key, in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
        {
            return;
        }

        var size = IpOutput.HeaderSize(key.Local);
        var packet = IpOutput.Scratch(size + TcpSegment.HeaderSize);
        var header = packet[size..];
        if (segment.Has(TcpFlags.Ack))
        {
            WriteHeader(header, key, segment.Acknowledgement, 0, TcpFlags.Rst, 0, TcpSegment.HeaderSize);
        }
        else
        {
            WriteHeader(header, key, 0, segment.End, TcpFlags.Rst | TcpFlags.Ack, 0, TcpSegment.HeaderSize);
        }

        Send(ip, packet, header, key);
    }

    /// <summary>The answer to a SYN that is not remembered.</summary>
    public static void SendCookie(IpOutput ip, in FlowKey key, in TcpSegment syn, uint number, uint timestamp, ushort mss, byte windowScale)
    {
        const int OptionsSize = 24;
        Span<byte> options = stackalloc byte[OptionsSize];
        var writer = new TcpOptionWriter(options);
        writer.WriteMss(mss);
        if (syn.Options.HasTimestamps)
        {
            // Only together with timestamps can the other options be restored.
            writer.WriteTimestamps(SynCookies.EncodeTimestamp(timestamp, syn.Options), syn.Options.TimestampValue);
            if (syn.Options.SackPermitted)
            {
                writer.WriteSackPermitted();
            }

            if (syn.Options.WindowScale >= 0)
            {
                writer.WriteWindowScale(windowScale);
            }
        }

        var size = IpOutput.HeaderSize(key.Local);
        var packet = IpOutput.Scratch(size + TcpSegment.HeaderSize + writer.Length);
        var header = packet[size..];
        WriteHeader(header, key, number, syn.SequenceNumber + 1, TcpFlags.Syn | TcpFlags.Ack, ushort.MaxValue, header.Length);
        options[..writer.Length].CopyTo(header[TcpSegment.HeaderSize..]);
        Send(ip, packet, header, key);
    }

    public static void WriteHeader(Span<byte> header, in FlowKey key, uint sequence, uint acknowledgement, TcpFlags flags, ushort window, int length)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header, ((uint)key.LocalPort << 16) | key.RemotePort);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], acknowledgement);
        header[12] = (byte)(length / 4 << 4);
        header[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], window);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], 0);
    }

    public static void Send(IpOutput ip, Span<byte> packet, Span<byte> segment, in FlowKey key)
    {
        var sum = Checksum.PseudoHeader(key.Local, key.Remote, IpProtocol.Tcp) + Checksum.Length(segment.Length);
        Checksum.Store(segment[16..], Checksum.Finish(Checksum.Add(sum, segment)));
        IpOutput.WriteHeader(packet, key.Local, key.Remote, IpProtocol.Tcp);
        ip.Send(packet, key.Remote);
    }
}
