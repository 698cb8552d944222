using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

internal sealed partial class PathEngine
{
    // Without a relay, packets go to a few likely addresses until one is proven. More would flood whoever owns the others.
    private const int MaxGuesses = 4;

    /// <summary>Sends on the best way there is. Takes no lock while a session goes on.</summary>
    public void Send(PeerPath peer, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        var now = _time.GetTimestamp();
        var active = peer.Active;
        if (active is null || !active.IsBusy)
        {
            active = Begin(peer, now);
            if (active is null)
                return;
        }

        active.LastSend = now;
        var best = active.Best;
        if (best is not null)
        {
            _direct.Send(best.Path, datagrams, datagramSize);
            Interlocked.Add(ref peer.BytesSentDirect, datagrams.Length);
            if (now < active.TrustedUntil)
                return;
        }

        var region = RelayOf(peer);
        if (region != 0)
        {
            _relays.Send(PathAddress.Relayed(region, peer.Node), datagrams, datagramSize);
            Interlocked.Add(ref peer.BytesSentRelayed, datagrams.Length);
        }
        else
        {
            Guess(peer, active, best, datagrams, datagramSize);
        }
    }

    /// <summary>A WireGuard message from there was the peer's.</summary>
    public void Authenticated(PeerPath peer, in PathAddress from)
    {
        var active = peer.Active;
        if (active is not null && from.IsDerp && active.LearnedRegion == from.DerpRegion)
            return;
        var now = _time.GetTimestamp();
        if (active is not null && !from.IsDerp && IsKnown(peer, active, from.Udp, now))
            return;
        lock (_lock)
        {
            if (peer.IsRemoved)
                return;
            active = Activate(peer, now);
            active.LastUsed = now;
            if (from.IsDerp)
                active.LearnedRegion = from.DerpRegion;
            else
                Heard(peer, active, from.Udp, now);
            Arm(now);
        }

        Notify();
    }

    /// <summary>Whether a message from there tells nothing new. Most do not, and then no lock is taken.</summary>
    private bool IsKnown(PeerPath peer, ActivePath active, UdpAddress from, long now)
    {
        if (active.Best is { } best && best.Address == from)
        {
            if (!peer.HasDisco)
                active.TrustedUntil = now + _timing.HeardTrust;
            return true;
        }

        return active.LastHeard is { } heard && heard.Address == from && now - heard.LastHeard < _timing.PingGap;
    }

    /// <summary>The peer was heard from an address, which is worth a ping, or all there is to know about a peer that cannot be pinged.</summary>
    private void Heard(PeerPath peer, ActivePath active, UdpAddress from, long now)
    {
        var candidate = active.Candidates.Add(from, PathSources.Heard, active.Best);
        if (candidate is null)
            return;
        candidate.LastHeard = now;
        active.LastHeard = candidate;
        if (!peer.HasDisco)
        {
            SetBest(peer, active, candidate);
            active.TrustedUntil = now + _timing.HeardTrust;
        }
        else if (!IsTrusted(active, now) || candidate.LastPing == 0)
        {
            Ping(peer, active, candidate, now);
        }
    }

    /// <summary>A session begins: from here on the deadline looks after the peer.</summary>
    private ActivePath? Begin(PeerPath peer, long now)
    {
        ActivePath active;
        lock (_lock)
        {
            if (peer.IsRemoved || _isDisposed)
                return null;
            active = Activate(peer, now);
            active.LastSend = now;
            active.LastUsed = now;
            active.IsBusy = true;
            active.FailedDiscoveries = 0;

            // Nobody pinged while nobody sent: what was trusted then may be gone by now.
            if (peer.HasDisco && active.Best is { } best && now - best.LastPong >= _timing.Heartbeat)
                active.TrustedUntil = 0;
            Advance(peer, active, now);
            Arm(now);
        }

        Notify();
        return active;
    }

    private void Guess(PeerPath peer, ActivePath active, PathCandidate? already, ReadOnlySpan<byte> datagrams, int datagramSize)
    {
        Span<PathAddress> guesses = stackalloc PathAddress[MaxGuesses];
        var count = 0;
        lock (_lock)
        {
            for (var i = 0; i < active.Candidates.Count && count < MaxGuesses; i++)
            {
                if (active.Candidates[i] != already)
                    guesses[count++] = active.Candidates[i].Path;
            }
        }

        foreach (ref readonly var guess in guesses[..count])
        {
            _direct.Send(guess, datagrams, datagramSize);
            Interlocked.Add(ref peer.BytesSentDirect, datagrams.Length);
        }
    }
}
