using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Sessions;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>
/// One other node: its sessions, what waits to be sent to it, and when something is due. Two locks: one for handshakes and the choice
/// of sessions, one for sending; whoever takes both takes them in this order. Neither is held during a call to the path or upward.
/// </summary>
internal sealed partial class Peer(WireGuardDevice device, ConfiguredPeer configured)
{
    private readonly Lock _sending = new();

    // Written under both locks, so that holding either is enough to read it.
    private TransportSession? _current;

    private OutgoingBatch _batch;
    private StagedPackets _staged;
    private bool _awaitsFlush;
    private bool _isRemoved;
    private long _sentBytes;
    private long _receivedBytes;
    private Announcement? _announcement;

    public ConfiguredPeer Configured => configured;

    public NodePublicKey Key => configured.Key;

    /// <summary>The next in the device's list of peers that await a flush; the list's.</summary>
    public Peer? NextAwaitingFlush { get; set; }

    public WireGuardPeerStatus Status
    {
        get
        {
            lock (_handshaking)
            {
                return new WireGuardPeerStatus(
                    _lastHandshake, IsUsable(_current, device.Clock.Now), Interlocked.Read(ref _sentBytes), Interlocked.Read(ref _receivedBytes));
            }
        }
    }

    /// <summary>Seals the packet into the batch, or lets it wait for a session. An empty one is a keep-alive.</summary>
    public void Send(ReadOnlySpan<byte> packet)
    {
        var now = device.Clock.Now;
        DetachedBatch full = default;
        var beginsBatch = false;
        var isSent = false;
        var needsHandshake = true;
        lock (_sending)
        {
            if (_isRemoved)
            {
                return;
            }

            var session = _current;
            if (IsUsable(session, now))
            {
                beginsBatch = !_awaitsFlush;
                _awaitsFlush = true;
                session!.Seal(packet, _batch.Append(TransportData.SizeFor(packet.Length, device.Mtu), out full));
                isSent = true;
                needsHandshake = IsWorn(session, now);
            }
            else if (!packet.IsEmpty && !_staged.TryAdd(packet))
            {
                device.Counters.Unsent(1);
            }
        }

        if (beginsBatch)
        {
            device.AwaitFlush(this);
        }

        Transmit(full);
        if (isSent)
        {
            OnSent(now, isData: !packet.IsEmpty);
        }

        if (needsHandshake)
        {
            BeginHandshake(now, isForced: false);
        }
    }

    /// <summary>Sends the batch. For the device, when it has taken the peer off its list.</summary>
    public void Flush()
    {
        lock (_sending)
        {
            _awaitsFlush = false;
        }

        TransmitBatch();
    }

    /// <summary>Notes a message of a session of this peer, which has proven to be genuine.</summary>
    /// <param name="length">Length of the message.</param>
    public void OnReceived(TransportSession session, in PathAddress from, int length, long now)
    {
        Interlocked.Add(ref _receivedBytes, length);
        if (ReferenceEquals(session, _next))
        {
            Confirm(session);
        }

        OnAuthenticated(from, now);
        if (length > TransportData.Overhead)
        {
            OnDataReceived(now);
        }

        if (session.IsInitiator && now - session.CreatedAt >= device.Clock.RekeyOnReceiveAfterTime && ReferenceEquals(session, Volatile.Read(ref _current)))
        {
            BeginHandshake(now, isForced: true);
        }
    }

    /// <summary>Ends everything. What the path is given afterwards was under way before.</summary>
    public void Remove()
    {
        lock (_handshaking)
        {
            lock (_sending)
            {
                _isRemoved = true;
                _batch.Detach().Release();
            }

            Forget();
        }
    }

    private static bool IsPast(long due, long now) => due != Unset && now >= due;

    private bool IsUsable(TransportSession? session, long now) =>
        session is not null && now - session.CreatedAt < device.Clock.RejectAfterTime && session.SendCounter < ProtocolLimits.RejectAfterMessages;

    /// <summary>Whether a new session should take over soon. By age, only its initiator says so, lest both begin.</summary>
    private bool IsWorn(TransportSession session, long now) =>
        (session.IsInitiator && now - session.CreatedAt >= device.Clock.RekeyAfterTime) || session.SendCounter >= ProtocolLimits.RekeyAfterMessages;

    /// <summary>Without a lock held: the path may lead straight to another device.</summary>
    private void Transmit(DetachedBatch batch)
    {
        if (!batch.IsEmpty)
        {
            Interlocked.Add(ref _sentBytes, batch.Length);
            batch.Send(configured.Configuration.Path);
        }
    }

    private void Transmit(ReadOnlySpan<byte> message)
    {
        Interlocked.Add(ref _sentBytes, message.Length);
        configured.Configuration.Path.Send(message, message.Length);
    }

    /// <summary>Leaves the peer on the device's list, if it is on it.</summary>
    private void TransmitBatch()
    {
        DetachedBatch batch;
        lock (_sending)
        {
            batch = _batch.Detach();
        }

        Transmit(batch);
    }

    private void SendKeepAlive()
    {
        Send([]);
        TransmitBatch();
    }

    /// <summary>What waited goes, or else a keep-alive: the other side may only send once it has received something.</summary>
    private void SendStaged()
    {
        StagedPackets staged;
        lock (_sending)
        {
            staged = _staged.Take();
        }

        if (staged.Count == 0)
        {
            Send([]);
        }

        var position = 0;
        for (var packet = 0; packet < staged.Count; packet++)
        {
            Send(staged.Read(ref position));
        }

        staged.Release();
        TransmitBatch();
    }

    private void DropStaged()
    {
        lock (_sending)
        {
            device.Counters.Unsent(_staged.Count);
            _staged.Release();
        }
    }

    /// <summary>Tells the path, but not for each message anew.</summary>
    private void Announce(in PathAddress from, long now)
    {
        var last = Volatile.Read(ref _announcement);
        if (last is null || last.From != from)
        {
            Volatile.Write(ref _announcement, new Announcement(from) { At = now });
        }
        else if (now - last.At >= device.Clock.AnnouncementInterval)
        {
            last.At = now;
        }
        else
        {
            return;
        }

        configured.Configuration.Path.Authenticated(from);
    }

    private sealed class Announcement(PathAddress from)
    {
        private long _at;

        public PathAddress From { get; } = from;

        public long At
        {
            get => Volatile.Read(ref _at);
            set => Volatile.Write(ref _at, value);
        }
    }
}
