using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard.Messages;
using Fairlead.Tailnet.WireGuard.Timers;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>
/// When something is due (whitepaper, 6). Packets only note times; the device's timer looks at them. They are read and written without
/// a lock: a message that comes or goes at the very moment does not matter to any of them.
/// </summary>
internal sealed partial class Peer
{
    private const long Unset = long.MinValue;

    private long _retryDue = Unset;
    private long _keepAliveDue = Unset;
    private long _expectedDue = Unset;
    private long _answerDue = Unset;
    private long _persistentDue = Unset;
    private long _forgetDue = Unset;
    private long _initiationSentAt = Unset;
    private long _attemptsEndAt;
    private bool _owesAnotherKeepAlive;

    /// <summary>Acts on what is due.</summary>
    /// <returns>When the next is due.</returns>
    public long OnTimer(long now)
    {
        if (IsPast(Volatile.Read(ref _retryDue), now))
        {
            Retry(now);
        }

        if (IsPast(Volatile.Read(ref _expectedDue), now))
        {
            Volatile.Write(ref _expectedDue, Unset);
            InitiateInstead(now);
        }

        if (IsPast(Volatile.Read(ref _answerDue), now))
        {
            Volatile.Write(ref _answerDue, Unset);
            BeginHandshake(now, isForced: true);
        }

        if (IsPast(Volatile.Read(ref _keepAliveDue), now))
        {
            Volatile.Write(ref _keepAliveDue, Unset);
            SendKeepAlive();
            if (_owesAnotherKeepAlive)
            {
                _owesAnotherKeepAlive = false;
                Set(ref _keepAliveDue, now + device.Clock.KeepAliveTimeout);
            }
        }

        if (IsPast(Volatile.Read(ref _persistentDue), now))
        {
            Volatile.Write(ref _persistentDue, Unset);
            SendKeepAlive();
            SetPersistent(now);
        }

        if (IsPast(Volatile.Read(ref _forgetDue), now))
        {
            lock (_handshaking)
            {
                Forget();
            }
        }

        return Earliest(
            Volatile.Read(ref _retryDue),
            Volatile.Read(ref _expectedDue),
            Volatile.Read(ref _answerDue),
            Volatile.Read(ref _keepAliveDue),
            Volatile.Read(ref _persistentDue),
            Volatile.Read(ref _forgetDue));
    }

    /// <summary>Begins the interval of messages that keep the way open, if the peer has one.</summary>
    public void SetPersistent(long now)
    {
        if (configured.Configuration.PersistentKeepAlive is { } interval)
        {
            Set(ref _persistentDue, now + device.Clock.Duration(interval));
        }
        else
        {
            Volatile.Write(ref _persistentDue, Unset);
        }
    }

    private static long Earliest(params ReadOnlySpan<long> dues)
    {
        var earliest = ProtocolClock.Never;
        foreach (var due in dues)
        {
            earliest = due != Unset && due < earliest ? due : earliest;
        }

        return earliest;
    }

    private void Retry(long now)
    {
        if (now < Volatile.Read(ref _attemptsEndAt))
        {
            Span<byte> message = stackalloc byte[HandshakeInitiation.Size];
            lock (_handshaking)
            {
                // An answer may have come since the timer looked.
                if (!IsPast(_retryDue, now) || !TryInitiate(now, message))
                {
                    return;
                }
            }

            TransmitInitiation(now, message);
            return;
        }

        lock (_handshaking)
        {
            Volatile.Write(ref _retryDue, Unset);
            _earlyRetries = 0;
            EndPending();
            if (_forgetDue == Unset)
            {
                SetForget(now + device.Clock.ForgetAfterTime);
            }
        }

        DropStaged();
    }

    /// <summary>Any message goes out: the other side knows that we are here.</summary>
    private void OnSent(long now, bool isData)
    {
        if (Volatile.Read(ref _keepAliveDue) != Unset)
        {
            Volatile.Write(ref _keepAliveDue, Unset);
            _owesAnotherKeepAlive = false;
        }

        if (isData && Volatile.Read(ref _answerDue) == Unset)
        {
            Set(ref _answerDue, now + device.Clock.AnswerTimeout + device.Clock.Jitter());
        }

        if (Volatile.Read(ref _persistentDue) != Unset)
        {
            SetPersistent(now);
        }
    }

    /// <summary>Any genuine message has come: the other side is there.</summary>
    private void OnAuthenticated(in PathAddress from, long now)
    {
        if (Volatile.Read(ref _answerDue) != Unset)
        {
            Volatile.Write(ref _answerDue, Unset);
        }

        if (Volatile.Read(ref _persistentDue) != Unset)
        {
            SetPersistent(now);
        }

        Announce(from, now);
    }

    /// <summary>The other side expects an answer of some kind before long.</summary>
    private void OnDataReceived(long now)
    {
        if (Volatile.Read(ref _keepAliveDue) == Unset)
        {
            Set(ref _keepAliveDue, now + device.Clock.KeepAliveTimeout);
        }
        else
        {
            _owesAnotherKeepAlive = true;
        }
    }

    private void SetRetry(long due) => Set(ref _retryDue, due);

    private void SetForget(long due) => Set(ref _forgetDue, due);

    private void Set(ref long point, long due)
    {
        Volatile.Write(ref point, due);
        device.Timer.Schedule(due);
    }

    /// <summary>Wipes all keys. For the holder of the handshake lock.</summary>
    private void Forget()
    {
        EndSessions();
        _cookies = null;
        _announcement = null;
        DropStaged();
    }

    private void ClearTimers()
    {
        Volatile.Write(ref _retryDue, Unset);
        Volatile.Write(ref _expectedDue, Unset);
        Volatile.Write(ref _answerDue, Unset);
        Volatile.Write(ref _keepAliveDue, Unset);
        Volatile.Write(ref _forgetDue, Unset);
        _owesAnotherKeepAlive = false;
        _earlyRetries = 0;
    }
}
