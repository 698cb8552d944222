using Fairlead.Tailnet.Netstack.Buffers;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>
/// The state of one connection (RFC 9293 section 3.3.1) and all that acts on it, under one lock. Names of variables are the RFC's, spelled
/// out. Lock order: a block's gate, then those of the timer queue, the layer's list of touched blocks, and the link; never two blocks.
/// </summary>
internal sealed partial class TransmissionControlBlock : TcpFlow
{
    private readonly TcpConnectionOptions _options;
    private readonly ulong _pseudoHeader;
    private readonly int _ipHeaderSize;

    private TcpState _state;

    // Sending: SND.UNA, SND.NXT, SND.WND, SND.WL1, SND.WL2, ISS.
    private uint _sendUnacknowledged;
    private uint _sendNext;
    private uint _sendWindow;
    private uint _largestSendWindow;
    private uint _windowSequence;
    private uint _windowAcknowledgement;
    private uint _initialSend;
    private byte _sendScale;
    private int _segmentSize;
    private int _mtu;
    private ushort _peerMss;

    // Receiving: RCV.NXT, and the edge of the largest window ever offered, which is never taken back.
    private uint _receiveNext;
    private uint _receiveEdge;
    private uint _initialReceive;
    private byte _receiveScale;

    private bool _sackPermitted;
    private bool _timestamps;
    private readonly uint _timestampOffset;
    private uint _timestampRecent;
    private long _timestampRecentAt;
    private uint _lastAcknowledgementSent;

    private SendBuffer _sendBuffer;
    private ReceiveBuffer _receiveBuffer;
    private SentQueue _sent;
    private RttEstimator _rtt;
    private CubicCongestion _congestion;
    private RackDetector _rack;

    // A pause within a transfer keeps what the next burst needs; a longer one gives it back.
    private const long ReleaseDelay = StackClock.Second;

    private long _releaseAt = StackClock.Never;
    private int _accountedBytes;
    private bool _touched;
    private bool _unflushed;

    private TransmissionControlBlock(TcpLayer layer, FlowKey key, TcpConnectionOptions options)
        : base(key)
    {
        Layer = layer;
        _options = options;
        _ipHeaderSize = IpOutput.HeaderSize(key.Local);
        _pseudoHeader = Checksum.PseudoHeader(key.Local, key.Remote, IpProtocol.Tcp);
        _mtu = layer.MtuTo(key.Remote);
        _segmentSize = Math.Max(1, _mtu - _ipHeaderSize - TcpSegment.HeaderSize);
        _initialSend = layer.Isn.Next(key);
        _timestampOffset = layer.Isn.TimestampOffset(key);
        _sendUnacknowledged = _initialSend;
        _sendNext = _initialSend + 1;
        _receiveLimit = Math.Min(options.MaxReceiveBuffer, InitialReceiveLimit);
        _lastReceivedAt = _lastProgressAt = layer.Clock.Now;
    }

    public Lock Gate { get; } = new();

    public TcpLayer Layer { get; }

    public TcpState State => _state;

    /// <summary>Set when the connection is handed to its user.</summary>
    public TcpConnection? Connection { get; private set; }

    /// <summary>Whether buffers are empty, and yet hold memory.</summary>
    private bool CanRelease =>
        _sendBuffer.Length == 0 && _sent.Count == 0 && _receiveBuffer is { Unread: 0, HasHoles: false }
        && !(_sendBuffer.IsCleared && _sent.IsCleared && _receiveBuffer.IsCleared);

    public override bool Receive(in TcpSegment segment)
    {
        lock (Gate)
        {
            var now = Layer.Clock.Now;
            switch (_state)
            {
                case TcpState.Closed or TcpState.TimeWait:
                    // Taken from the table a moment ago; the sender will repeat what matters.
                    return true;
                case TcpState.SynSent:
                    ArriveInSynSent(segment, now);
                    break;
                default:
                    Arrive(segment, now);
                    break;
            }

            if (!_touched)
            {
                _touched = true;
                Layer.Touch(this);
            }

            return true;
        }
    }

    /// <summary>The batch that brought segments is over: answers, acknowledges, wakes.</summary>
    /// <returns>Whether something was sent.</returns>
    public bool EndBatch()
    {
        lock (Gate)
        {
            _touched = false;
            if (_state is not (TcpState.Closed or TcpState.TimeWait))
            {
                Output(Layer.Clock.Now);
                WakeReader();
                WakeWriter();
            }

            return Leave();
        }
    }

    private void Release()
    {
        _releaseAt = StackClock.Never;
        if (CanRelease)
        {
            _sendBuffer.Clear();
            _receiveBuffer.Clear();
            _sent.Clear();
        }
    }

    /// <summary>To be called at the end of each section under the lock: brings timers and accounts up to date.</summary>
    /// <returns>Whether something was sent, so that the link is to be flushed.</returns>
    public bool Leave()
    {
        var bytes = ((_sendBuffer.BlockCount + _receiveBuffer.BlockCount) * BlockPool.BlockSize) + _sent.HeldBytes;
        if (bytes != _accountedBytes)
        {
            Layer.Budget.Changed(bytes - _accountedBytes);
            _accountedBytes = bytes;
        }

        if (_releaseAt == StackClock.Never && CanRelease)
        {
            _releaseAt = Layer.Clock.Now + ReleaseDelay;
        }

        var due = NextDeadline();
        if (due < DueAt)
        {
            Layer.Timers.Schedule(this, due);
        }

        var flush = _unflushed;
        _unflushed = false;
        return flush;
    }
}
