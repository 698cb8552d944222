using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Cookies;
using Fairlead.Tailnet.WireGuard.Handshake;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Sessions;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>Handshakes, and the sessions they lead to: one in use, the one before it for messages still under way, and one to come.</summary>
internal sealed partial class Peer
{
    private static readonly byte[] NoPresharedKey = new byte[Bytes32.Size];

    private readonly Lock _handshaking = new();
    private InitiatorHandshake? _pending;
    private TransportSession? _previous;

    // Made as responder, and not to be sent with before the initiator has shown that it has the keys.
    private volatile TransportSession? _next;
    private CookieJar? _cookies;
    private Tai64N _lastSentTime;
    private Tai64N _lastReceivedTime;
    private long _initiationReceivedAt = Unset;
    private int _earlyRetries;
    private DateTimeOffset? _lastHandshake;

    private ReadOnlySpan<byte> PresharedKey => configured.Configuration.PresharedKey is { IsEmpty: false } key ? key.Span : NoPresharedKey;

    /// <summary>Sends an initiation, unless one went out a moment ago. Without an answer it is repeated for a while.</summary>
    /// <param name="isForced">Also if the session in use is good for longer.</param>
    public void BeginHandshake(long now, bool isForced)
    {
        Volatile.Write(ref _attemptsEndAt, now + device.Clock.RekeyAttemptTime);
        if (Volatile.Read(ref _retryDue) != Unset)
        {
            // Under way, and repeated when that is due: what may be called for every packet must be cheap.
            return;
        }

        Span<byte> message = stackalloc byte[HandshakeInitiation.Size];
        lock (_handshaking)
        {
            // Another thread may have been faster, or even have received the answer.
            if (_retryDue != Unset || (!isForced && IsUsable(_current, now) && !IsWorn(_current!, now)))
            {
                return;
            }

            var earliest = _initiationSentAt == Unset ? now : _initiationSentAt + device.Clock.RekeyTimeout;
            if (earliest > now)
            {
                SetRetry(earliest);
                return;
            }

            // Under the same lock: a second initiation, e.g. of the timer, would make the answer to the first void.
            if (!TryInitiate(now, message))
            {
                return;
            }
        }

        TransmitInitiation(now, message);
    }

    /// <summary>
    /// The way to the peer has just shown that it works: an initiation that went out before and has no answer was most likely lost, and is
    /// repeated before its time.
    /// </summary>
    /// <param name="roundTrip">How long an answer may take.</param>
    public void HastenRetry(long now, long roundTrip)
    {
        if (Volatile.Read(ref _retryDue) == Unset)
        {
            return;
        }

        lock (_handshaking)
        {
            if (_retryDue == Unset)
            {
                return;
            }

            var gap = Math.Max(device.Clock.EarlyRetryAfter(_earlyRetries), 2 * roundTrip);
            var due = _initiationSentAt == Unset ? now : Math.Max(now, _initiationSentAt + gap);
            if (due < _retryDue)
            {
                _earlyRetries++;
                SetRetry(due);
            }
        }
    }

    /// <summary>
    /// The other side began anew and knows no session: what is sent from now on waits for a new one. Messages of the old ones are still
    /// taken, in case it was not so.
    /// </summary>
    public void Renew(long now)
    {
        lock (_handshaking)
        {
            if (_current is null && _retryDue == Unset)
            {
                return;
            }

            if (_current is { } old)
            {
                End(_previous);
                _previous = old;
                lock (_sending)
                {
                    _current = null;
                }
            }

            _earlyRetries = 0;
            Volatile.Write(ref _attemptsEndAt, now + device.Clock.RekeyAttemptTime);
            if (_retryDue == Unset)
            {
                SetRetry(now + device.Clock.RekeyTimeout);
            }
        }

        HastenRetry(now, 0);
    }

    /// <summary>
    /// The other side is about to begin. Where nothing comes of it, what it sent was lost, and this side begins: once, and not soon after
    /// either side's last initiation.
    /// </summary>
    public void ExpectInitiation(long now)
    {
        if (Volatile.Read(ref _expectedDue) == Unset && NeedsInitiation(now))
        {
            Set(ref _expectedDue, now + device.Clock.InitiationDelay);
        }
    }

    /// <summary>Whether it is long enough since the last initiation to look at another one.</summary>
    public bool AcceptsInitiation(long now) => Volatile.Read(ref _initiationReceivedAt) is var last && (last == Unset || now - last >= device.Clock.InitiationInterval);

    /// <summary>Answers an initiation of this peer's.</summary>
    /// <param name="identity">With which it was read.</param>
    /// <param name="sentAt">What it says about when it was made.</param>
    /// <param name="length">Length of the initiation.</param>
    public void Respond(ref ResponderHandshake handshake, DeviceIdentity identity, Tai64N sentAt, int length, in PathAddress from)
    {
        var now = device.Clock.Now;
        Span<byte> message = stackalloc byte[HandshakeResponse.Size];
        lock (_handshaking)
        {
            if (!ReferenceEquals(identity, device.Identity) || !TryRespond(ref handshake, sentAt, now, message))
            {
                device.Counters.Invalid();
                return;
            }
        }

        Interlocked.Add(ref _receivedBytes, length);
        OnAuthenticated(from, now);
        OnSent(now, isData: false);
        Transmit(message);
    }

    /// <summary>Takes the answer to an initiation, and begins to send.</summary>
    /// <param name="localIndex">What the message is addressed to.</param>
    public void OnResponse(uint localIndex, ReadOnlySpan<byte> message, in PathAddress from)
    {
        var now = device.Clock.Now;
        lock (_handshaking)
        {
            if (_pending is not { } handshake
                || handshake.LocalIndex != localIndex
                || !handshake.TryReadResponse(device.Identity.PrivateKey.Key, PresharedKey, message, out var keys, out var remoteIndex))
            {
                device.Counters.Invalid();
                return;
            }

            var session = new TransportSession(this, ref keys, isInitiator: true, localIndex, remoteIndex, now);
            device.Sessions.Assign(session);
            _pending = null;
            handshake.Dispose();
            UseAsInitiator(session);
            OnHandshake(now);
        }

        Interlocked.Add(ref _receivedBytes, message.Length);
        OnAuthenticated(from, now);
        SendStaged();
    }

    public void OnCookie(ReadOnlySpan<byte> reply)
    {
        lock (_handshaking)
        {
            if (_cookies?.TryAccept(reply) != true)
            {
                device.Counters.Invalid();
            }
        }
    }

    /// <summary>The node has another key: what was agreed on with the old one is void. Waiting packets stay and ask for a handshake.</summary>
    public void OnIdentityChanged()
    {
        bool hasStaged;
        lock (_handshaking)
        {
            EndSessions();
            _initiationSentAt = Unset;
            lock (_sending)
            {
                hasStaged = _staged.Count > 0;
            }
        }

        if (hasStaged)
        {
            BeginHandshake(device.Clock.Now, isForced: false);
        }
    }

    private bool NeedsInitiation(long now) =>
        Volatile.Read(ref _retryDue) == Unset
        && !IsUsable(Volatile.Read(ref _current), now)
        && IsLongSince(Volatile.Read(ref _initiationSentAt), now)
        && IsLongSince(Volatile.Read(ref _initiationReceivedAt), now);

    private bool IsLongSince(long then, long now) => then == Unset || now - then >= device.Clock.RekeyTimeout;

    /// <summary>
    /// What was expected has not come. Nor is this repeated, if nothing else asks for it: the other side repeats what it wants.
    /// </summary>
    private void InitiateInstead(long now)
    {
        Span<byte> message = stackalloc byte[HandshakeInitiation.Size];
        lock (_handshaking)
        {
            if (!NeedsInitiation(now) || !TryInitiate(now, message))
            {
                return;
            }
        }

        TransmitInitiation(now, message);
    }

    /// <summary>Makes the next initiation. For the holder of the handshake lock.</summary>
    /// <returns>False if there can be none.</returns>
    private bool TryInitiate(long now, Span<byte> message)
    {
        EndPending();
        if (_isRemoved || !TryWriteInitiation(message))
        {
            Volatile.Write(ref _retryDue, Unset);
            DropStaged();
            return false;
        }

        _initiationSentAt = now;
        SetRetry(now + device.Clock.RekeyTimeout + device.Clock.Jitter());
        return true;
    }

    private void TransmitInitiation(long now, ReadOnlySpan<byte> message)
    {
        OnSent(now, isData: false);
        Transmit(message);
    }

    private bool TryWriteInitiation(Span<byte> message)
    {
        var handshake = new InitiatorHandshake(PrivateKey.Generate(), device.Sessions.Reserve(this));
        _pending = handshake;
        var time = Tai64N.From(device.Time.GetUtcNow());
        _lastSentTime = time > _lastSentTime ? time : _lastSentTime.Next();
        if (!handshake.TryWriteInitiation(device.Identity.PrivateKey.Key, Key.Key, _lastSentTime, message))
        {
            EndPending();
            return false;
        }

        _cookies ??= new CookieJar(Key.Key, device.Time);
        _cookies.Sign(message);
        return true;
    }

    private bool TryRespond(ref ResponderHandshake handshake, Tai64N sentAt, long now, Span<byte> message)
    {
        if (_isRemoved || !AcceptsInitiation(now) || sentAt <= _lastReceivedTime)
        {
            return false;
        }

        _lastReceivedTime = sentAt;
        Volatile.Write(ref _initiationReceivedAt, now);
        using var ephemeral = PrivateKey.Generate();
        var localIndex = device.Sessions.Reserve(this);
        if (!handshake.TryWriteResponse(ephemeral, PresharedKey, localIndex, message, out var keys, out var remoteIndex))
        {
            device.Sessions.Release(localIndex);
            return false;
        }

        var session = new TransportSession(this, ref keys, isInitiator: false, localIndex, remoteIndex, now);
        device.Sessions.Assign(session);
        End(_next);
        End(_previous);
        _previous = null;
        _next = session;
        _cookies ??= new CookieJar(Key.Key, device.Time);
        _cookies.Sign(message);
        OnHandshake(now);
        return true;
    }

    /// <summary>The answer shows that the other side has the keys, so the session is in use at once.</summary>
    private void UseAsInitiator(TransportSession session)
    {
        var replaced = _current;
        lock (_sending)
        {
            _current = session;
        }

        Volatile.Write(ref _retryDue, Unset);
        End(_previous);
        if (_next is { } unconfirmed)
        {
            // Both began at once. The other side may be sending with the session it began.
            _next = null;
            _previous = unconfirmed;
            End(replaced);
        }
        else
        {
            _previous = replaced;
        }
    }

    /// <summary>The first message of a session made as responder has come: from now on it is in use.</summary>
    private void Confirm(TransportSession session)
    {
        lock (_handshaking)
        {
            if (!ReferenceEquals(session, _next))
            {
                return;
            }

            Volatile.Write(ref _retryDue, Unset);
            End(_previous);
            _previous = _current;
            _next = null;
            lock (_sending)
            {
                _current = session;
            }
        }

        bool hasStaged;
        lock (_sending)
        {
            hasStaged = _staged.Count > 0;
        }

        if (hasStaged)
        {
            SendStaged();
        }
    }

    private void OnHandshake(long now)
    {
        _lastHandshake = device.Time.GetUtcNow();
        _earlyRetries = 0;
        SetForget(now + device.Clock.ForgetAfterTime);
        device.Counters.Handshake();
    }

    private void EndPending()
    {
        if (_pending is { } handshake)
        {
            device.Sessions.Release(handshake.LocalIndex);
            handshake.Dispose();
            _pending = null;
        }
    }

    private void EndSessions()
    {
        EndPending();
        End(_previous);
        End(_next);
        End(_current);
        _previous = null;
        _next = null;
        ClearTimers();
    }

    private void End(TransportSession? session)
    {
        if (session is null)
        {
            return;
        }

        device.Sessions.Release(session.LocalIndex);
        lock (_sending)
        {
            if (ReferenceEquals(session, _current))
            {
                _current = null;
            }

            session.Dispose();
        }
    }
}
