using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>What is sent, and when.</content>
internal sealed partial class TransmissionControlBlock
{
    private const int TimestampsSize = 12; // the option with its padding

    private bool _closeRequested;
    private bool _finSent;
    private bool _windowLimited;
    private long _lastSentAt;

    /// <summary>Bytes written and never sent.</summary>
    private int Unsent => _finSent ? 0 : _sendBuffer.Length - (int)(_sendNext - _sendUnacknowledged);

    /// <summary>What the peer's window has room for.</summary>
    private int WindowRoom => Math.Max(0, (int)(_sendUnacknowledged + _sendWindow - _sendNext));

    /// <summary>Sends all that may be sent now, and the acknowledgement if it is due and nothing carried it.</summary>
    private void Output(long now)
    {
        if (_state is TcpState.SynSent or TcpState.SynReceived)
        {
            return;
        }

        if (_lostBytes > 0)
        {
            SendLost(now);
        }

        SendNew(now, Math.Max(0, _congestion.Window - Pipe));
        AcknowledgeIfDue(now);
        ArmRetransmit(now);
    }

    private void SendLost(long now)
    {
        for (var i = _sent.FirstEndingAfter(_retransmitFrom); i < _sent.Count && _lostBytes > 0; i = _sent.NextNotSacked(i + 1))
        {
            if (!_sent[i].Lost)
            {
                continue;
            }

            if (Pipe > 0 && Pipe + _sent[i].Length > _congestion.Window)
            {
                _retransmitFrom = _sent[i].Start;
                return;
            }

            Retransmit(i, now);
        }
    }

    private void Retransmit(int index, long now)
    {
        if (_sent[index].Length > (uint)_segmentSize + 1)
        {
            _sent.Split(index, _sent[index].Start + (uint)_segmentSize); // the path takes less than when it was sent first
        }

        ref var sent = ref _sent[index];
        if (sent.Lost)
        {
            _lostBytes -= sent.Length;
            _inFlight += sent.Length;
        }

        _sent.Repeat(index, now);
        _proportionSent += sent.Length;
        SendRange(sent.Start, sent.End, now);
        Layer.Statistics.SegmentRetransmitted();
    }

    private void SendNew(long now, long allowance)
    {
        _windowLimited = false;
        var closing = _closeRequested && !_finSent;
        if ((Unsent == 0 && !closing) || _state is not (TcpState.Established or TcpState.CloseWait))
        {
            return;
        }

        if (_sent.Count == 0 && _lastSentAt != 0 && now - _lastSentAt > _rtt.Timeout)
        {
            _congestion.Idle((int)Math.Min(30, (now - _lastSentAt) / _rtt.Timeout), _segmentSize);
            allowance = _congestion.Window;
        }

        while (true)
        {
            var unsent = Unsent;
            var room = WindowRoom;
            var length = Math.Min(Math.Min(unsent, _segmentSize), room);
            var fin = _closeRequested && length == unsent && room > length;
            if ((length == 0 && !fin) || (length < _segmentSize && !fin && !IsWorthSending(length, unsent)))
            {
                return;
            }

            var needed = length + (fin ? 1 : 0);
            if (needed > allowance && Pipe > 0)
            {
                _windowLimited = true;
                return;
            }

            SendSegment(length, fin, now);
            allowance -= needed;
            if (fin)
            {
                return;
            }
        }
    }

    /// <summary>Avoids silly windows and, if asked to, small segments (RFC 9293 sections 3.8.6.2.1 and 3.7.4).</summary>
    private bool IsWorthSending(int length, int unsent)
    {
        if (length < unsent)
        {
            return 2L * length >= _largestSendWindow;
        }

        return _options.NoDelay || _sent.Count == 0 || _closeRequested;
    }

    /// <summary>Sends bytes that were never sent, and the FIN with the last of them.</summary>
    private void SendSegment(int length, bool fin, long now)
    {
        var start = _sendNext;
        var end = start + (uint)length + (fin ? 1u : 0);
        if (_sent.Count == 0)
        {
            _timeoutBase = _lastProgressAt = now;
        }

        _sent.Add(start, end, now);
        _inFlight += end - start;
        _sendNext = end;
        if (_recovery == RecoveryState.Recovery)
        {
            _proportionSent += end - start;
        }

        if (fin)
        {
            _finSent = true;
            _state = _state == TcpState.CloseWait ? TcpState.LastAck : TcpState.FinWait1;
        }

        SendRange(start, end, now);
    }

    /// <summary>Sends sequence numbers already assigned, FIN included if it is among them.</summary>
    private void SendRange(uint start, uint end, long now)
    {
        var offset = (int)(start - _sendUnacknowledged);
        var length = Math.Max(0, Math.Min((int)(end - start), _sendBuffer.Length - offset));
        var flags = TcpFlags.Ack;
        if (offset + length == _sendBuffer.Length)
        {
            flags |= TcpFlags.Psh;
        }

        if (_finSent && end == _sendNext)
        {
            flags |= TcpFlags.Fin;
        }

        _lastSentAt = now;
        Transmit(start, offset, length, flags, now);
    }

    /// <summary>Writes one segment and hands it to the link. Whatever it is, it acknowledges all there is to acknowledge.</summary>
    private void Transmit(uint sequence, int offset, int length, TcpFlags flags, long now)
    {
        var headerLength = TcpSegment.HeaderSize + (_timestamps ? TimestampsSize : 0);
        var packet = IpOutput.Scratch(_ipHeaderSize + headerLength + length);
        var header = packet[_ipHeaderSize..];
        var window = SelectWindow();
        WriteHeader(header, sequence, flags, (ushort)(window >> _receiveScale), headerLength);
        if (_timestamps)
        {
            WriteTimestamps(header[TcpSegment.HeaderSize..], now);
        }

        var sum = _pseudoHeader + Checksum.Length(headerLength + length);
        if (length > 0)
        {
            sum = _sendBuffer.Copy(sum, offset, header[headerLength..]);
        }

        Finish(packet, header[..headerLength], sum);
        Acknowledged();
    }

    /// <summary>An acknowledgement alone, with what arrived out of order.</summary>
    private void SendAcknowledgement(long now)
    {
        Span<SequenceRange> blocks = stackalloc SequenceRange[MostSackBlocks];
        var count = _sackPermitted ? SelectSackBlocks(blocks[..(_timestamps ? MostSackBlocks - 1 : MostSackBlocks)]) : 0;
        var sackLength = count > 0 ? 4 + (8 * count) : 0;
        var headerLength = TcpSegment.HeaderSize + (_timestamps ? TimestampsSize : 0) + sackLength;
        var packet = IpOutput.Scratch(_ipHeaderSize + headerLength);
        var header = packet[_ipHeaderSize..];
        var window = SelectWindow();
        WriteHeader(header, _sendNext, TcpFlags.Ack, (ushort)(window >> _receiveScale), headerLength);
        var options = header[TcpSegment.HeaderSize..];
        if (_timestamps)
        {
            WriteTimestamps(options, now);
            options = options[TimestampsSize..];
        }

        if (count > 0)
        {
            BinaryPrimitives.WriteUInt32BigEndian(options, 0x0101_0500 | (uint)(2 + (8 * count)));
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt32BigEndian(options[(4 + (8 * i))..], blocks[i].Start);
                BinaryPrimitives.WriteUInt32BigEndian(options[(8 + (8 * i))..], blocks[i].End);
            }
        }

        Finish(packet, header, _pseudoHeader + Checksum.Length(headerLength));
        Acknowledged();
    }

    private int SelectSackBlocks(Span<SequenceRange> blocks)
    {
        var count = 0;
        if (!_duplicate.IsEmpty)
        {
            blocks[count++] = _duplicate;
            _duplicate = default;
        }

        return count + _receiveBuffer.ReportRanges(blocks[count..]);
    }

    /// <summary>An old byte number, which the peer must answer (RFC 9293 sections 3.8.4 and 3.8.6.1): is it there, and what is its window?</summary>
    private void SendProbe(long now) => Transmit(_sendUnacknowledged - 1, 0, 0, TcpFlags.Ack, now);

    private void SendSyn(long now)
    {
        const int OptionsSize = 4 + TimestampsSize + 4 + 4;
        var answering = _state == TcpState.SynReceived;
        Span<byte> options = stackalloc byte[OptionsSize];
        var builder = new TcpOptionWriter(options);
        builder.WriteMss((ushort)Math.Min(ushort.MaxValue, Layer.MtuTo(Key.Remote) - _ipHeaderSize - TcpSegment.HeaderSize));
        if (!answering || _sackPermitted)
        {
            builder.WriteSackPermitted();
        }

        if (!answering || _timestamps)
        {
            builder.WriteTimestamps(Timestamp(now), answering ? _timestampRecent : 0);
        }

        if (!answering || _receiveScale != 0)
        {
            builder.WriteWindowScale(ScaleFor(_options));
        }

        var headerLength = TcpSegment.HeaderSize + builder.Length;
        var packet = IpOutput.Scratch(_ipHeaderSize + headerLength);
        var header = packet[_ipHeaderSize..];
        var window = (ushort)Math.Min(_receiveLimit, ushort.MaxValue);
        WriteHeader(header, _initialSend, answering ? TcpFlags.Syn | TcpFlags.Ack : TcpFlags.Syn, window, headerLength);
        options[..builder.Length].CopyTo(header[TcpSegment.HeaderSize..]);
        Finish(packet, header, _pseudoHeader + Checksum.Length(headerLength));
    }

    private void SendReset(uint sequence)
    {
        var packet = IpOutput.Scratch(_ipHeaderSize + TcpSegment.HeaderSize);
        var header = packet[_ipHeaderSize..];
        WriteHeader(header, sequence, _state == TcpState.SynSent ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack, 0, TcpSegment.HeaderSize);
        Finish(packet, header, _pseudoHeader + Checksum.Length(TcpSegment.HeaderSize));
    }

    private void WriteHeader(Span<byte> header, uint sequence, TcpFlags flags, ushort window, int headerLength)
    {
        BinaryPrimitives.WriteUInt32BigEndian(header, ((uint)Key.LocalPort << 16) | Key.RemotePort);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], (flags & TcpFlags.Ack) != 0 ? _receiveNext : 0);
        header[12] = (byte)(headerLength / 4 << 4);
        header[13] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], window);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], 0);
    }

    private void WriteTimestamps(Span<byte> options, long now)
    {
        BinaryPrimitives.WriteUInt32BigEndian(options, 0x0101_080A);
        BinaryPrimitives.WriteUInt32BigEndian(options[4..], Timestamp(now));
        BinaryPrimitives.WriteUInt32BigEndian(options[8..], _timestampRecent);
    }

    private void Finish(Span<byte> packet, Span<byte> header, ulong sum)
    {
        Checksum.Store(header[16..], Checksum.Finish(Checksum.Add(sum, header)));
        IpOutput.WriteHeader(packet, Key.Local, Key.Remote, IpProtocol.Tcp);
        Layer.Ip.Send(packet, Key.Remote);
        _unflushed = true;
    }

    /// <summary>The value of our timestamp clock, which ticks each millisecond (RFC 7323 section 5.4).</summary>
    private uint Timestamp(long at) => (uint)(at / StackClock.Millisecond) + _timestampOffset;
}
