using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

internal sealed partial class PathEngine
{
    // Half a minute of tries for the user who waits; then we ask whether it will ever work.
    private const int QuickDiscoveries = 10;

    // Four per candidate would be several tables full; beyond that nobody answers.
    private const int MaxPings = 4 * CandidateTable.Capacity;

    // A best path stays unless another takes off a fifth: latencies jitter, and a change may reorder packets.
    private const int GainDivisor = 5;

    // Who asked waits for the answer; most are there sooner.
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestAskAgain = TimeSpan.FromSeconds(2);

    private const int MaxMessage = 2 + (CandidateTable.MaxNamed * 18);

    /// <summary>
    /// Pings a peer on the way its packets go, and where that is not one direct address, or it gives no answer, on all. The first answer
    /// counts; without one the pings are repeated, as a lost datagram says nothing about the peer.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such peer, or it has no disco key.</exception>
    public Task<PathPong> PingAsync(NodePublicKey node, CancellationToken ct)
    {
        var asked = new TaskCompletionSource<PathPong>(TaskCreationOptions.RunContinuationsAsynchronously);
        Ask(node, asked, isFirst: true);
        return RepeatAsync(node, asked, ct);
    }

    private async Task<PathPong> RepeatAsync(NodePublicKey node, TaskCompletionSource<PathPong> asked, CancellationToken ct)
    {
        for (var wait = AskAgainAfter; ; wait = wait < LongestAskAgain ? 2 * wait : wait)
        {
            try
            {
                return await asked.Task.WaitAsync(wait, _time, ct).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                Ask(node, asked, isFirst: false);
            }
        }
    }

    private void Ask(NodePublicKey node, TaskCompletionSource<PathPong> asked, bool isFirst)
    {
        lock (_lock)
        {
            if (!_peers.TryFind(node, out var peer) || !peer.HasDisco)
                throw new KeyNotFoundException($"{node} is no peer that can be pinged.");
            var now = _time.GetTimestamp();
            var active = Activate(peer, now);
            if (isFirst && IsTrusted(active, now))
            {
                SendPing(peer, active, active.Best!.Path, now, asked);
            }
            else
            {
                for (var i = 0; i < active.Candidates.Count; i++)
                    SendPing(peer, active, active.Candidates[i].Path, now, asked);
                if (RelayOf(peer) is var region and not 0)
                    SendPing(peer, active, PathAddress.Relayed(region, node), now, asked);
                Call(peer, active, now);
            }

            Arm(now);
        }

        Notify();
    }

    private void Tick()
    {
        lock (_lock)
        {
            if (_isDisposed)
                return;
            var now = _time.GetTimestamp();
            for (var i = _active.Count - 1; i >= 0; i--)
            {
                var peer = _active[i];
                var active = peer.Active!;
                ForgetPings(active, now);
                if (active.IsBusy)
                    Advance(peer, active, now);
                else if (now - Math.Max(active.LastUsed, active.LastSend) >= _timing.Memory)
                    Deactivate(peer);
            }

            Arm(now);
        }

        Notify();
    }

    /// <summary>Sets the deadline to the next thing to do. None while no peer is remembered.</summary>
    private void Arm(long now)
    {
        if (_isDisposed)
            return;
        var due = long.MaxValue;
        foreach (var peer in _active)
            due = Math.Min(due, DueOf(peer, peer.Active!));
        _due = due;
        if (due == long.MaxValue)
            _tick.Clear();
        else
            _tick.Set(_time.GetElapsedTime(now, Math.Max(now, due)));
    }

    /// <summary>
    /// For when one peer's state changed: looks at that one alone. What is due later than before for it is found out as the deadline passes.
    /// </summary>
    private void ArmFor(PeerPath peer, ActivePath active, long now)
    {
        var due = DueOf(peer, active);
        if (due >= _due)
            return;
        _due = due;
        _tick.Set(_time.GetElapsedTime(now, Math.Max(now, due)));
    }

    private long DueOf(PeerPath peer, ActivePath active)
    {
        var pings = active.Pings.Count > 0 ? active.Pings[0].Sent + _timing.PingLife : long.MaxValue;
        if (!active.IsBusy)
            return Math.Min(pings, Math.Max(active.LastUsed, active.LastSend) + _timing.Memory);
        var due = Math.Min(pings, active.LastSend + _timing.SessionIdle);
        if (!peer.HasDisco)
            return due;
        if (active.Best is not { } best || active.TrustedUntil == 0)
            return Math.Min(due, active.LastDiscovery + DiscoveryInterval(active));
        due = Math.Min(due, best.LastPing + _timing.Heartbeat);
        due = Math.Min(due, active.TrustedUntil);
        if (best.UnansweredSince != 0)
            due = Math.Min(due, best.UnansweredSince + PatienceFor(best));
        if (best.Latency > _timing.GoodEnough)
            due = Math.Min(due, active.LastDiscovery + _timing.Upgrade);
        return due;
    }

    /// <summary>Does what is due for a peer in session.</summary>
    private void Advance(PeerPath peer, ActivePath active, long now)
    {
        if (now - active.LastSend >= _timing.SessionIdle)
        {
            active.IsBusy = false;
            active.LastUsed = now;
            _changed.Add(peer.Node);
            return;
        }

        if (!peer.HasDisco)
            return;
        if (active.Best is { } best)
        {
            if (best.UnansweredSince != 0 && now - best.UnansweredSince >= PatienceFor(best))
                active.TrustedUntil = 0;
            else if (now - best.LastPing >= _timing.Heartbeat)
                Ping(peer, active, best, now);
            if (now >= active.TrustedUntil && active.TrustedUntil != 0)
                active.TrustedUntil = 0;
        }

        if (active.TrustedUntil == 0)
        {
            if (now - active.LastDiscovery >= DiscoveryInterval(active) || active.LastDiscovery == 0)
                Discover(peer, active, now);
        }
        else if (active.Best!.Latency > _timing.GoodEnough && now - active.LastDiscovery >= _timing.Upgrade)
        {
            active.LastDiscovery = now;
            PingAll(peer, active, now);
        }
    }

    private long DiscoveryInterval(ActivePath active) =>
        active.LastDiscovery == 0 ? 0
        : active.FailedDiscoveries < QuickDiscoveries ? Math.Min(_timing.Discovery, _timing.QuickDiscovery << Math.Max(0, active.FailedDiscoveries - 1))
        : _timing.SlowDiscovery;

    private long PatienceFor(PathCandidate candidate) => Math.Max(_timing.Patience, 3 * candidate.Latency);

    /// <summary>Tries every address of the peer, and has it try ours. The relay too: an answer shows that what is relayed arrives.</summary>
    private void Discover(PeerPath peer, ActivePath active, long now, bool isUrgent = false)
    {
        active.LastDiscovery = now;
        active.FailedDiscoveries++;
        PingAll(peer, active, now, isUrgent);
        if (RelayOf(peer) is var region and not 0)
            SendPing(peer, active, PathAddress.Relayed(region, peer.Node), now, null);
        Call(peer, active, now);
    }

    /// <summary>What is known of the peer has changed: what did not work may work now, and somebody may be waiting for it.</summary>
    private void DiscoverAnew(PeerPath peer, ActivePath active, long now)
    {
        active.FailedDiscoveries = 0;
        if (!active.IsBusy || !peer.HasDisco || IsTrusted(active, now))
            return;
        Discover(peer, active, now);
        Arm(now);
    }

    /// <param name="isUrgent">Whether something has happened that makes pings of a moment ago meaningless.</param>
    private void PingAll(PeerPath peer, ActivePath active, long now, bool isUrgent = false)
    {
        active.Candidates.Forget(now - _timing.Memory, active.Best);
        for (var i = 0; i < active.Candidates.Count; i++)
            Ping(peer, active, active.Candidates[i], now, isUrgent);
    }

    private void Ping(PeerPath peer, ActivePath active, PathCandidate candidate, long now, bool isUrgent = false)
    {
        if (!isUrgent && candidate.LastPing != 0 && now - candidate.LastPing < _timing.PingGap)
            return;
        SendPing(peer, active, candidate.Path, now, null);
    }

    /// <summary>
    /// Short to an address that has never answered, as most are nobody's, or behind a firewall that must first see something go out. From
    /// the first answer on as long as the largest datagram, which alone says that the path carries one.
    /// </summary>
    private void SendPing(PeerPath peer, ActivePath active, in PathAddress to, long now, TaskCompletionSource<PathPong>? asked)
    {
        var candidate = to.IsDerp ? null : active.Candidates.Find(to.Udp);
        var isFull = candidate is { LastPong: not 0 };
        if (active.Pings.Count >= MaxPings)
            active.Pings.RemoveAt(0);
        var transaction = DiscoTransactionId.Create();
        active.Pings.Add(new PendingPing(transaction, to, now, asked, isFull));
        if (candidate is not null)
        {
            candidate.LastPing = now;
            if (candidate.UnansweredSince == 0)
                candidate.UnansweredSince = now;
        }

        Span<byte> message = stackalloc byte[isFull ? _fullPing : DiscoPing.Size];
        new DiscoPing(transaction, _node).Write(message);
        SendDisco(peer, active, message, to);
    }

    /// <summary>Tells the peer our addresses through a relay, so that it pings them while we ping its own: both firewalls see traffic out.</summary>
    private void Call(PeerPath peer, ActivePath active, long now)
    {
        _endpointsWanted = true;
        var region = RelayOf(peer);
        if (region == 0 || _ownEndpoints.Length == 0)
            return;
        active.LastCall = now;
        Span<byte> message = stackalloc byte[MaxMessage];
        SendDisco(peer, active, message[..DiscoCallMeMaybe.Write(message, _ownEndpoints)], PathAddress.Relayed(region, peer.Node));
    }

    private void SendDisco(PeerPath peer, ActivePath active, ReadOnlySpan<byte> message, in PathAddress to)
    {
        if (BoxFor(peer, active) is not { } box)
            return;
        Span<byte> packet = stackalloc byte[DiscoPacket.Overhead + message.Length];
        var length = DiscoPacket.Seal(box, _disco.PublicKey, message, packet);
        (to.IsDerp ? _relays : _direct).Send(to, packet[..length], length);
    }

    /// <summary>What we share with the peer; null if its key is none that anything can be shared with.</summary>
    private NaclBox? BoxFor(PeerPath peer, ActivePath active) => active.Box ??= NewBox(peer);

    private NaclBox? NewBox(PeerPath peer)
    {
        try
        {
            return new NaclBox(_disco.Key, peer.Disco.Key);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            _peers.SetDisco(peer, default);
            return null;
        }
    }

    private void ForgetPings(ActivePath active, long now)
    {
        while (active.Pings.Count > 0 && now - active.Pings[0].Sent >= _timing.PingLife)
            active.Pings.RemoveAt(0);
    }
}
