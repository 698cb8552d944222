using System.Buffers.Binary;
using System.Net.Sockets;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What is kept of a connection in TIME-WAIT: enough to answer a peer that missed our last acknowledgement.</summary>
internal sealed class TimeWaitFlow(
    TcpLayer layer, FlowKey key, uint sendNext, uint receiveNext, bool timestamps, uint timestampRecent, uint timestampOffset) : TcpFlow(key)
{
    /// <summary>When it may go, in the stack's time.</summary>
    public long ExpiresAt { get; set; }

    public override bool Receive(in TcpSegment segment)
    {
        if (segment.Has(TcpFlags.Rst))
        {
            return true; // RFC 1337: an old reset must not cut the wait short
        }

        if (segment.Has(TcpFlags.Syn) && !segment.Has(TcpFlags.Ack))
        {
            // RFC 6191: a new connection may begin if its numbers cannot be mistaken for the old one's.
            var newer = timestamps && segment.Options.HasTimestamps
                ? Sequence.After(segment.Options.TimestampValue, timestampRecent)
                : Sequence.After(segment.SequenceNumber, receiveNext);
            if (newer)
            {
                return false;
            }
        }

        if (segment.Length > 0)
        {
            ExpiresAt = layer.TimeWait.NextExpiry();
            Acknowledge();
        }

        return true;
    }

    public override void Drop(SocketError reason)
    {
        // It ends by itself, and nobody waits for it.
    }

    internal override void OnDue(long now)
    {
        // The table looks after the expiry of all of them.
    }

    private void Acknowledge()
    {
        var size = IpOutput.HeaderSize(Key.Local);
        var headerLength = TcpSegment.HeaderSize + (timestamps ? 12 : 0);
        var packet = IpOutput.Scratch(size + headerLength);
        var header = packet[size..];
        TcpReplies.WriteHeader(header, Key, sendNext, receiveNext, TcpFlags.Ack, 0, headerLength);
        if (timestamps)
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[20..], 0x0101_080A);
            BinaryPrimitives.WriteUInt32BigEndian(header[24..], (uint)(layer.Clock.Now / StackClock.Millisecond) + timestampOffset);
            BinaryPrimitives.WriteUInt32BigEndian(header[28..], timestampRecent);
        }

        TcpReplies.Send(layer.Ip, packet, header, Key);
    }
}
