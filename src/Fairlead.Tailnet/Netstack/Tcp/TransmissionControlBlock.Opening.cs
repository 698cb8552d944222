using System.Net.Sockets;
using System.Numerics;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>From nothing to ESTABLISHED, by either way.</content>
internal sealed partial class TransmissionControlBlock
{
    private OpenOperation? _opening;
    private TcpPortListener? _listener;
    private ForwardedHandshake? _forwarded;
    private long _openedAt; // 0 if a cookie was sent, of which no time is known

    /// <summary>Whether the peer began.</summary>
    public bool IsPassive { get; private init; }

    /// <summary>An active open. The block is in the table already; <see cref="Open"/> sends the first segment.</summary>
    public static TransmissionControlBlock Active(TcpLayer layer, FlowKey key, TcpConnectionOptions options, OpenOperation opening) =>
        new(layer, key, options) { _state = TcpState.SynSent, _opening = opening };

    /// <summary>A passive open by a SYN that came to a listener, or to an address whose flows a handler takes.</summary>
    public static TransmissionControlBlock Passive(
        TcpLayer layer, FlowKey key, TcpConnectionOptions options, in TcpSegment syn, TcpPortListener? listener, ForwardedHandshake? forwarded)
    {
        var block = new TransmissionControlBlock(layer, key, options) { IsPassive = true, _state = TcpState.SynReceived, _listener = listener, _forwarded = forwarded };
        block.LearnFrom(syn);
        return block;
    }

    /// <summary>A passive open that a SYN cookie carried up to its last segment.</summary>
    public static TransmissionControlBlock FromCookie(
        TcpLayer layer, FlowKey key, TcpConnectionOptions options, in TcpSegment acknowledgement, in SynCookie cookie, TcpPortListener? listener, ForwardedHandshake? forwarded)
    {
        var block = new TransmissionControlBlock(layer, key, options) { IsPassive = true, _state = TcpState.SynReceived, _listener = listener, _forwarded = forwarded };
        block._initialSend = acknowledgement.Acknowledgement - 1;
        block._sendUnacknowledged = block._initialSend;
        block._sendNext = acknowledgement.Acknowledgement;
        block.Negotiate(cookie.Mss, cookie.WindowScale, cookie.SackPermitted, acknowledgement.Options.HasTimestamps && cookie.Timestamps, acknowledgement.Options.TimestampValue);
        block.BeginReceiving(acknowledgement.SequenceNumber - 1);
        return block;
    }

    /// <summary>Sends the first segment of either open.</summary>
    public void Open()
    {
        bool flush;
        lock (Gate)
        {
            if (_state is not (TcpState.SynSent or TcpState.SynReceived))
            {
                return;
            }

            var now = Layer.Clock.Now;
            _openedAt = now;
            SendSyn(now);
            ArmHandshake(now);
            flush = Leave();
        }

        if (flush)
        {
            Layer.Flush();
        }
    }

    /// <summary>The shift a listener's connections offer.</summary>
    public static byte ScaleFor(TcpConnectionOptions options) =>
        (byte)Math.Max(1, BitOperations.Log2((uint)options.MaxReceiveBuffer) + 1 - 16); // the smallest that lets the largest window be offered

    /// <summary>Another block took the flow first.</summary>
    public void Abandon()
    {
        lock (Gate)
        {
            Finish(TcpState.Closed);
        }
    }

    /// <summary>Gives up an open under way.</summary>
    public void CancelOpen()
    {
        lock (Gate)
        {
            if (_state is TcpState.SynSent or TcpState.SynReceived)
            {
                Fail(SocketError.OperationAborted);
                Leave();
            }
        }
    }

    /// <summary>Somebody who knows says that the peer takes no such connection: one that is not open yet never will be.</summary>
    public void Refused()
    {
        lock (Gate)
        {
            if (_state == TcpState.SynSent)
            {
                Fail(SocketError.ConnectionRefused);
                Leave();
            }
        }
    }

    private void ArriveInSynSent(in TcpSegment segment, long now)
    {
        // RFC 9293 section 3.10.7.3
        var acceptable = segment.Has(TcpFlags.Ack) && segment.Acknowledgement == _sendNext;
        if (segment.Has(TcpFlags.Ack) && !acceptable)
        {
            if (!segment.Has(TcpFlags.Rst))
            {
                SendReset(segment.Acknowledgement);
            }

            return;
        }

        if (segment.Has(TcpFlags.Rst))
        {
            if (acceptable)
            {
                Fail(SocketError.ConnectionRefused);
            }

            return;
        }

        if (!segment.Has(TcpFlags.Syn))
        {
            return;
        }

        LearnFrom(segment);
        _lastReceivedAt = now;
        if (!acceptable)
        {
            // Both sides open at once.
            _state = TcpState.SynReceived;
            SendSyn(now);
            ArmHandshake(now);
            return;
        }

        _sendUnacknowledged = segment.Acknowledgement;
        // The window of a SYN is never scaled (RFC 7323 section 2.2).
        UpdateSendWindow(segment, segment.Window);
        SampleHandshake(now);
        _acknowledgeNow = true;
        Establish(now);
    }

    /// <summary>The peer's SYN: its number and its options.</summary>
    private void LearnFrom(in TcpSegment syn)
    {
        var options = syn.Options;
        Negotiate(options.Mss, options.WindowScale, options.SackPermitted, options.HasTimestamps, options.TimestampValue);
        BeginReceiving(syn.SequenceNumber);
        _sendWindow = syn.Window;
    }

    private void Negotiate(ushort mss, sbyte windowScale, bool sackPermitted, bool timestamps, uint timestampValue)
    {
        _peerMss = PeerMss.Of(mss, Key.Remote.IsV4);
        _sackPermitted = sackPermitted;
        _timestamps = timestamps;
        _timestampRecent = timestampValue;
        _timestampRecentAt = Layer.Clock.Now;
        _sendScale = windowScale < 0 ? (byte)0 : (byte)windowScale;
        _receiveScale = windowScale < 0 ? (byte)0 : ScaleFor(_options);
        SizeSegments();
        _congestion.Begin(_segmentSize);
    }

    private void BeginReceiving(uint initial)
    {
        _initialReceive = initial;
        _receiveNext = _lastAcknowledgementSent = initial + 1;
        _receiveEdge = _receiveNext + (uint)Math.Min(_receiveLimit, ushort.MaxValue);
    }

    /// <summary>Bytes of data in a full segment: what the path takes and the peer wants, less the options each segment carries.</summary>
    private void SizeSegments()
    {
        var path = _mtu - _ipHeaderSize - TcpSegment.HeaderSize;
        _segmentSize = Math.Max(PeerMss.Least, Math.Min(_peerMss, path)) - (_timestamps ? TimestampsSize : 0);
    }

    private void SampleHandshake(long now)
    {
        if (_openedAt == 0)
        {
            return; // the timestamp that a cookie's answer echoes is up to 64 ms too early: no sample is better than that
        }

        if (_handshakeRetransmissions == 0)
        {
            _rtt.Sample(now - _openedAt, now);
        }
        else
        {
            // RFC 6298 section 5.7 and RFC 6928 section 3: a SYN that was lost begins the connection with caution.
            _congestion.SetWindow(_segmentSize);
        }
    }

    private void Establish(long now)
    {
        _state = TcpState.Established;
        _retransmitAt = StackClock.Never;
        _retransmitPurpose = RetransmitPurpose.None;
        _rtt.ResetBackoff();
        _lastProgressAt = now;
        _quickAcknowledgements = QuickAcknowledgements;
        Connection = new TcpConnection(this);
        var opening = _opening;
        _opening = null;
        if (opening is not null)
        {
            opening.Succeed(Connection);
        }
        else if (_listener is not null)
        {
            _listener.Established(this);
        }
        else if (_forwarded is not null)
        {
            Layer.ForwardedHandshakeEnded(_forwarded);
            Layer.Work.Run(new HandlerStart(_forwarded.Handler, Connection));
            _forwarded = null;
        }
    }
}
