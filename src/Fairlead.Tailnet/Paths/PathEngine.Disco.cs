using System.Net;
using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Disco;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Paths;

internal sealed partial class PathEngine
{
    // What Tailscale's nodes write where an address is expected and a relay is meant; the port is the region.
    private static readonly UdpAddress RelayMark = UdpAddress.From(new IPAddress((ReadOnlySpan<byte>)[127, 3, 3, 40]), 1);

    // To learn whether a packet is from the peer that it names takes a key agreement, unless that peer is talked to already. Anybody who
    // has seen its disco key can name it; peers that begin at the same time are fewer than this, and ask again after seconds.
    private const double TrialsPerSecond = 200;
    private const double TrialBurst = 1000;

    private TokenBucket _trials = new(TrialsPerSecond, TrialBurst);

    /// <summary>Takes a packet that claims to be disco. From whom nobody knows, or not sealed by whom it claims, it is ignored.</summary>
    public void ReceiveDisco(Span<byte> packet, in PathAddress from)
    {
        if (!DiscoPacket.TryReadSender(packet, out var sender))
            return;
        lock (_lock)
        {
            if (_isDisposed || !_peers.TryFind(sender, out var peer) || (from.IsDerp && from.Node != peer.Node))
                return;
            var now = _time.GetTimestamp();
            if (peer.Active is null && !_trials.TryTake(now, _time.TimestampFrequency))
                return;
            var box = peer.Active is { } known ? BoxFor(peer, known) : NewBox(peer);
            if (box is null || !DiscoPacket.TryOpen(box, packet, out var message) || !DiscoMessage.TryRead(message, out var type, out var body))
            {
                if (peer.Active is null)
                    box?.Dispose();
                return;
            }

            var active = Activate(peer, now);
            active.Box = box;
            active.LastUsed = now;
            Handle(peer, active, type, body, from, now);
            ArmFor(peer, active, now);
        }

        Notify();
    }

    private void Handle(PeerPath peer, ActivePath active, DiscoMessageType type, ReadOnlySpan<byte> body, in PathAddress from, long now)
    {
        switch (type)
        {
            case DiscoMessageType.Ping when DiscoPing.TryRead(body, out var ping):
                HandlePing(peer, active, ping, from, now);
                break;
            case DiscoMessageType.Pong when DiscoPong.TryRead(body, out var pong):
                HandlePong(peer, active, pong, now);
                break;
            case DiscoMessageType.CallMeMaybe when from.IsDerp:
                HandleCall(peer, active, DiscoCallMeMaybe.Read(body), now);
                break;
        }
    }

    private void HandlePing(PeerPath peer, ActivePath active, in DiscoPing ping, in PathAddress from, long now)
    {
        // A node key that is not the one the disco key belongs to: the sender's network map, or ours, is out of date.
        if ((!ping.Node.IsZero && ping.Node != peer.Node) || !active.PingBudget.TryTake(now, _time.TimestampFrequency))
            return;
        var source = from.IsDerp ? new WireEndPoint(RelayMark.Address, (ushort)from.DerpRegion) : new WireEndPoint(from.Udp.Address, from.Udp.Port);
        Span<byte> message = stackalloc byte[DiscoPong.Size];
        new DiscoPong(ping.Transaction, source).Write(message);
        SendDisco(peer, active, message, from);
        _proven.TryAdd(peer.Node, TimeSpan.Zero);
        _calling.Add(peer.Node);
        if (!from.IsDerp)
            Heard(peer, active, from.Udp, now);
    }

    private void HandlePong(PeerPath peer, ActivePath active, in DiscoPong pong, long now)
    {
        ForgetPings(active, now);
        var transaction = pong.Transaction;
        var index = active.Pings.FindIndex(pending => pending.Transaction == transaction);
        if (index < 0)
            return;
        var ping = active.Pings[index];
        active.Pings.RemoveAt(index);
        var roundTrip = _time.GetElapsedTime(ping.Sent, now);
        _proven[peer.Node] = roundTrip;
        var candidate = ping.To.IsDerp ? null : active.Candidates.Find(ping.To.Udp);
        if (candidate is not null)
        {
            candidate.LastPong = now;
            candidate.UnansweredSince = 0;
            candidate.Latency = Math.Max(1, now - ping.Sent);
            if (!ping.IsFull)
            {
                SendPing(peer, active, ping.To, now, ping.Asked);
                return;
            }
        }

        ping.Asked?.TrySetResult(new PathPong(ping.To, roundTrip));
        if (candidate is null)
            return;
        if (active.Best != candidate && IsTrusted(active, now) && !IsBetter(candidate, active.Best!))
            return;
        SetBest(peer, active, candidate);
        if (active.TrustedUntil == 0)
            _changed.Add(peer.Node);
        active.TrustedUntil = now + _timing.Trust;
        active.FailedDiscoveries = 0;
    }

    private bool IsBetter(PathCandidate other, PathCandidate best)
    {
        var gain = best.Latency - other.Latency;
        return gain > _timing.Gain && gain > best.Latency / GainDivisor;
    }

    /// <summary>The peer pings our addresses now; ours to its own must be under way for its firewall to let them in.</summary>
    private void HandleCall(PeerPath peer, ActivePath active, DiscoCallMeMaybe call, long now)
    {
        if (!active.CallBudget.TryTake(now, _time.TimestampFrequency))
            return;
        var count = Math.Min(call.Count, CandidateTable.MaxNamed);
        Span<UdpAddress> addresses = stackalloc UdpAddress[CandidateTable.MaxNamed];
        for (var i = 0; i < count; i++)
            addresses[i] = new UdpAddress(call[i].Address, call[i].Port);
        if (active.Candidates.Replace(PathSources.CallMeMaybe, addresses[..count], active.Best))
            active.FailedDiscoveries = 0;
        _proven.TryAdd(peer.Node, TimeSpan.Zero);
        _calling.Add(peer.Node);

        // Who calls has no direct path to us, and may have left the address we send to.
        if (count > 0 && active.Best is { } best && !best.Sources.HasFlag(PathSources.CallMeMaybe))
            active.TrustedUntil = 0;
        PingAll(peer, active, now, isUrgent: true);
        if (active.LastCall == 0 || now - active.LastCall >= _timing.Discovery)
            Call(peer, active, now);
    }
}
