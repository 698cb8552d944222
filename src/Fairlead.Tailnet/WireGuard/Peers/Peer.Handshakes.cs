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

    /// <summary>Answers an initiation whose sender claims to be this peer.</summary>
    public void Respond(ref ResponderHandshake handshake, ReadOnlySpan<byte> initiation, in PathAddress from)
    {
        var now = device.Clock.Now;
        Span<byte> message = stackalloc byte[HandshakeResponse.Size];
        lock (_handshaking)
        {
            if (!TryRespond(ref handshake, initiation, now, message))
            {
                device.Counters.Invalid();
                return;
            }
        }

        Interlocked.Add(ref _receivedBytes, initiation.Length);
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

    private bool TryRespond(ref ResponderHandshake handshake, ReadOnlySpan<byte> initiation, long now, Span<byte> message)
    {
        if (_isRemoved
            || (_initiationReceivedAt != Unset && now - _initiationReceivedAt < device.Clock.InitiationInterval)
            || !handshake.TryReadTimestamp(device.Identity.PrivateKey.Key, initiation, out var time)
            || time <= _lastReceivedTime)
        {
            return false;
        }

        _lastReceivedTime = time;
        _initiationReceivedAt = now;
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
