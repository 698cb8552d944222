using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <content>The receiver's side of flow control: what to offer, when to acknowledge, how large to let the buffer grow.</content>
internal sealed partial class TransmissionControlBlock
{
    // Covers 20 ms at 100 Mbit/s, or 1 ms at 2 Gbit/s, before the first adjustment.
    private const int InitialReceiveLimit = 256 * 1024;
    private const int PressedLimit = 16 * 1024; // what a connection may hold while the stack is short of buffers
    private const long DelayedAcknowledgement = 40 * StackClock.Millisecond; // RFC 9293 section 3.8.6.3 allows 500
    private const int QuickAcknowledgements = 16; // at once at the beginning, so that the peer's slow start is not held up

    private int _receiveLimit;
    private int _unacknowledgedBytes;
    private int _largestReceived;
    private int _quickAcknowledgements;
    private bool _acknowledgeNow;
    private SequenceRange _duplicate;
    private long _acknowledgeAt = StackClock.Never;

    private long _tuneStart;
    private long _tuneRead;
    private long _receiverRtt;

    private int EffectiveReceiveLimit => Layer.Budget.IsExhausted ? Math.Min(_receiveLimit, PressedLimit) : _receiveLimit;

    /// <summary>The window to offer in a segment that is about to be sent. An edge once offered stays (RFC 9293 section 3.8.6).</summary>
    private uint SelectWindow()
    {
        var window = ReceiveWindow;
        var possible = PossibleWindow();
        if (possible > window && possible - window >= UpdateThreshold(window))
        {
            window = possible;
        }

        var scaled = Math.Min(window >> _receiveScale, ushort.MaxValue) << _receiveScale;
        _receiveEdge = Sequence.Later(_receiveEdge, _receiveNext + scaled);
        return scaled;
    }

    private uint PossibleWindow() => (uint)Math.Max(0, EffectiveReceiveLimit - _receiveBuffer.Unread);

    /// <summary>How much wider a window must have become to be offered (RFC 9293 section 3.8.6.2.2).</summary>
    private uint UpdateThreshold(uint window)
    {
        var limit = (uint)EffectiveReceiveLimit;
        var segments = 2 * (uint)Math.Max(_segmentSize, _largestReceived);
        return window < segments ? Math.Min(limit / 2, segments) : Math.Max(segments, limit / 8);
    }

    private void AcknowledgeIfDue(long now)
    {
        if (!_acknowledgeNow && _unacknowledgedBytes == 0)
        {
            return;
        }

        if (_acknowledgeNow || _quickAcknowledgements > 0 || _unacknowledgedBytes >= 2 * _largestReceived)
        {
            SendAcknowledgement(now);
        }
        else if (_acknowledgeAt == StackClock.Never)
        {
            _acknowledgeAt = now + DelayedAcknowledgement;
        }
    }

    /// <summary>A segment that acknowledges all was sent.</summary>
    private void Acknowledged()
    {
        if (_unacknowledgedBytes > 0 && _quickAcknowledgements > 0)
        {
            _quickAcknowledgements--;
        }

        _lastAcknowledgementSent = _receiveNext;
        _unacknowledgedBytes = 0;
        _acknowledgeNow = false;
        _acknowledgeAt = StackClock.Never;
    }

    /// <summary>The application read: the window may have opened enough to say so at once.</summary>
    private void AfterRead(int count, long now)
    {
        TuneReceiveLimit(count, now);
        if (_state is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2)
        {
            var window = ReceiveWindow;
            var possible = PossibleWindow();
            // Half of the window is used up: without acknowledgements that are due anyway the peer would soon stall.
            if (possible > window && possible - window >= UpdateThreshold(window) && window < possible / 2)
            {
                SendAcknowledgement(now);
            }
        }
    }

    /// <summary>Doubles the limit while the reader takes more than half of it per round trip.</summary>
    private void TuneReceiveLimit(int count, long now)
    {
        if (_tuneStart == 0)
        {
            _tuneStart = now;
        }

        _tuneRead += count;
        var rtt = _receiverRtt != 0 ? _receiverRtt : Math.Max(StackClock.Millisecond, _rtt.Smoothed);
        if (now - _tuneStart < rtt)
        {
            return;
        }

        if (2 * _tuneRead > _receiveLimit)
        {
            _receiveLimit = (int)Math.Min(_options.MaxReceiveBuffer, Math.Max(2L * _receiveLimit, 2 * _tuneRead));
        }

        _tuneRead = 0;
        _tuneStart = now;
    }

    private void SampleReceiverRtt(uint milliseconds)
    {
        if (milliseconds > 60_000)
        {
            return;
        }

        var rtt = Math.Max(1, milliseconds) * StackClock.Millisecond;
        _receiverRtt = _receiverRtt == 0 || rtt < _receiverRtt ? rtt : _receiverRtt + ((rtt - _receiverRtt) / 8);
    }
}
