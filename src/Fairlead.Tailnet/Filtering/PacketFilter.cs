using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Filtering;

/// <summary>
/// Decides about packets from peers: what the rules allow comes in, and what answers to something that went out; nothing else. Rules are
/// asked about every packet, and recent answers are remembered no longer than the rules are the same. Safe for several threads; allocates
/// nothing per packet.
/// </summary>
/// <remarks>
/// <para>
/// A right withdrawn ends what it had allowed: conversations that a peer began are over at once, whether they are still answered from here
/// or not. tailscaled lets open connections go on; its users have asked for this since 2020 (tailscale/tailscale#859), since who takes a
/// right away means it. Conversations begun from here need no right of the peer's, and go on.
/// </para>
/// <para>
/// Who began is clear for TCP by the SYN, and for UDP by who sent first: a conversation of a peer stays the peer's until neither side has
/// sent for <see cref="UdpIdle"/>. So a program here that goes on answering, or the streaming of something once asked for, does not open the
/// way back in.
/// </para>
/// </remarks>
/// <param name="peerOf">The peer that packets from an address come from, as WireGuard has it; it must not block.</param>
internal sealed class PacketFilter(TimeProvider time, Func<UInt128, NodePublicKey?> peerOf)
{
    /// <summary>Conversations begun from here, per protocol. A busy proxy of a machine with 64 k ephemeral ports reaches it; at 84 bytes each it takes 5.3 MiB then.</summary>
    private const int MaxFlows = 65_536;

    /// <summary>Echoes wait for seconds, and come a few at a time.</summary>
    private const int MaxEchoes = 1024;

    /// <summary>Answers of rules remembered; a power of two. Busy flows of one node are few at a time.</summary>
    private const int VerdictSlots = 64;

    /// <summary>RFC 5382, REQ-5: an established connection is kept for at least 2 hours 4 minutes.</summary>
    private const long TcpIdle = 7440_000;

    /// <summary>RFC 5382, REQ-5: a connection that is opening or closing, at least 4 minutes.</summary>
    private const long TcpTransitory = 240_000;

    /// <summary>RFC 4787, REQ-5 recommends 5 minutes for UDP.</summary>
    private const long UdpIdle = 300_000;

    /// <summary>RFC 5508, REQ-1: at least 60 seconds for an ICMP query.</summary>
    private const long EchoIdle = 60_000;

    private const long SweepInterval = 30_000;

    private readonly Lock _lock = new();
    private readonly FlowTable _tcp = new(MaxFlows);
    private readonly FlowTable _udp = new(MaxFlows);
    private readonly FlowTable _echo = new(MaxEchoes);

    // What peers began, apart from the others: however much they begin, they displace none of ours.
    private readonly FlowTable _udpOfPeers = new(MaxFlows);
    private readonly FlowKey[] _allowed = new FlowKey[VerdictSlots];
    private Lazy<FilterProgram> _program = new(FilterProgram.DenyAll);
    private long _now;
    private long _nextSweep;
    private bool _nowIsStale = true;

    /// <summary>What the rules say at the moment.</summary>
    public FilterProgram Program => Volatile.Read(ref _program).Value;

    /// <summary>Conversations begun from here and remembered.</summary>
    public int FlowCount
    {
        get
        {
            lock (_lock)
            {
                return _tcp.Count + _udp.Count + _echo.Count;
            }
        }
    }

    /// <summary>Puts new rules in force; conversations begun from here go on.</summary>
    public void Use(FilterProgram program) => Use(new Lazy<FilterProgram>(program));

    /// <summary>Likewise, with rules that are compiled when first asked about: an idle node gets many maps and no packets.</summary>
    public void Use(Func<FilterProgram> compile) => Use(new Lazy<FilterProgram>(compile));

    /// <summary>Addresses are other peers' from now on: what was decided about one peer holds for no other.</summary>
    public void PeersChanged()
    {
        lock (_lock)
        {
            Array.Clear(_allowed);
        }
    }

    /// <summary>No packet is at hand: the clock is read anew with the next one.</summary>
    public void EndOfBatch() => _nowIsStale = true;

    /// <summary>Remembers what a packet to a peer begins, so that its answers come in.</summary>
    public void Sent(ReadOnlySpan<byte> packet)
    {
        if (!IpHeaders.TryRead(packet, out var headers) || headers.IsLaterFragment)
        {
            return;
        }

        var (table, life) = headers.Protocol switch
        {
            // A connection begun by the peer needs no entry: rules allowed it. One begun from here is known by its SYN, and closing is all
            // that matters afterwards, so that bulk data costs no look-up.
            IpProtocol.Tcp when (headers.TcpFlags & (IpHeaders.TcpSyn | IpHeaders.TcpAck)) == IpHeaders.TcpSyn => (_tcp, TcpTransitory),
            IpProtocol.Tcp when (headers.TcpFlags & (IpHeaders.TcpFin | IpHeaders.TcpReset)) != 0 => (_tcp, 0),
            IpProtocol.Udp => (_udp, UdpIdle),
            IpProtocol.IcmpV4 or IpProtocol.IcmpV6 when headers.IsEchoRequest => (_echo, EchoIdle),
            _ => (null, 0L),
        };
        if (table is null)
        {
            return;
        }

        var key = FlowKey.Outbound(headers);
        lock (_lock)
        {
            var now = Now();
            if (headers.Protocol == IpProtocol.Udp && !table.TryGet(key, now, out _) && _udpOfPeers.TryGet(key, now, out _))
            {
                _udpOfPeers.Set(key, now + UdpIdle);
            }
            else if (life > 0)
            {
                table.Set(key, now + life);
            }
            else if (table.TryGet(key, now, out _))
            {
                table.Set(key, now + TcpTransitory);
            }
        }
    }

    /// <summary>Whether a packet from a peer may come in. That its source is the peer's own is WireGuard's to ensure.</summary>
    public FilterVerdict Check(ReadOnlySpan<byte> packet)
    {
        if (!IpHeaders.TryRead(packet, out var headers))
        {
            return FilterVerdict.Malformed;
        }

        if (NeverRouted(headers) is var never && never != FilterVerdict.Accept)
        {
            return never;
        }

        if (headers.IsLaterFragment)
        {
            // Without its first fragment, which is decided upon by its ports, a later one can do nothing; unless it replaces the ports
            // (RFC 1858, 3). 24 bytes hold all of a TCP header that is looked at.
            return headers.FragmentOffset < 24 ? FilterVerdict.BadFragment
                : Program.Local.Contains(headers.Destination) ? FilterVerdict.Accept
                : FilterVerdict.NotForUs;
        }

        if (headers.IsTunnelMessage)
        {
            // They end in this node and are answered to every peer.
            return Program.Local.Contains(headers.Destination) ? FilterVerdict.Accept : FilterVerdict.NotForUs;
        }

        if (headers.IsIcmpError)
        {
            return CheckError(headers);
        }

        var key = FlowKey.Inbound(headers);
        lock (_lock)
        {
            var now = Now();
            var slot = key.GetHashCode() & (VerdictSlots - 1);
            return _allowed[slot].Equals(key) || IsAnswer(key, headers, now) ? FilterVerdict.Accept : AskRules(key, slot, now);
        }
    }

    private void Use(Lazy<FilterProgram> program)
    {
        lock (_lock)
        {
            _program = program;
            Array.Clear(_allowed);
        }
    }

    private static FilterVerdict NeverRouted(in IpHeaders headers)
    {
        if (IsOfThisHost(headers.Destination) || IsOfThisHost(headers.Source))
        {
            return FilterVerdict.NotForUs;
        }

        var destination = headers.Destination;
        if (MappedAddress.IsIPv4(destination))
        {
            var top = (uint)destination >> 16;
            return top >> 12 == 0xE ? FilterVerdict.Multicast : top == 0xA9FE ? FilterVerdict.LinkLocal : FilterVerdict.Accept;
        }

        var prefix = (uint)(destination >> 112);
        return prefix >> 8 == 0xFF ? FilterVerdict.Multicast : prefix >> 6 == 0xFE80 >> 6 ? FilterVerdict.LinkLocal : FilterVerdict.Accept;
    }

    /// <summary>
    /// Loopback and "this host" mean each machine itself and come over no network (RFC 1122, 3.2.1.3; RFC 4291, 2.5.2 and 2.5.3): whoever
    /// forwards a peer's packet to them opens to it what listens on this machine alone.
    /// </summary>
    private static bool IsOfThisHost(UInt128 address) =>
        MappedAddress.IsIPv4(address) ? ((uint)address >> 24) is 0 or 127 : address <= UInt128.One;

    private bool IsAnswer(in FlowKey key, in IpHeaders headers, long now)
    {
        switch (key.Protocol)
        {
            case IpProtocol.Tcp:
                // An answer never begins with a SYN alone, except for a simultaneous open, which nothing here does.
                if (!_tcp.TryGet(key, now, out var expires) || (headers.TcpFlags & (IpHeaders.TcpSyn | IpHeaders.TcpAck)) == IpHeaders.TcpSyn)
                {
                    return false;
                }

                var closing = (headers.TcpFlags & (IpHeaders.TcpFin | IpHeaders.TcpReset)) != 0;
                if (closing || expires - now < TcpIdle / 2)
                {
                    _tcp.Set(key, now + (closing ? TcpTransitory : TcpIdle));
                }

                return true;
            case IpProtocol.Udp:
                return _udp.TryGet(key, now, out _);
            default:
                return headers.IsEchoReply && _echo.TryGet(key, now, out _);
        }
    }

    private FilterVerdict AskRules(in FlowKey key, int slot, long now)
    {
        var program = _program.Value;
        if (!program.Local.Contains(key.Local))
        {
            return FilterVerdict.NotForUs;
        }

        if (IsJailed(program, key.Remote))
        {
            return FilterVerdict.JailedPeer;
        }

        if (!program.Allows(key.Remote, key.Local, key.LocalPort, key.Protocol))
        {
            return FilterVerdict.NotAllowed;
        }

        _allowed[slot] = key;
        if (key.Protocol == IpProtocol.Udp)
        {
            _udpOfPeers.Set(key, now + UdpIdle);
        }

        return FilterVerdict.Accept;
    }

    /// <summary>By whom it comes from, not by its address: what is behind a jailed peer is as jailed.</summary>
    private bool IsJailed(FilterProgram program, UInt128 source) =>
        program.Jailed.Count > 0 && peerOf(source) is { } peer && program.Jailed.Contains(peer);

    /// <summary>An error is let in if the packet it quotes is one that this node may have sent: of a known conversation, or of one that rules allow.</summary>
    private FilterVerdict CheckError(in IpHeaders error)
    {
        if (error.Payload.Length < 8 || !IpHeaders.TryRead(error.Payload[8..], out var quoted, quoted: true) || quoted.IsLaterFragment)
        {
            return FilterVerdict.Malformed;
        }

        var key = quoted.IsIcmp && quoted.IsEchoReply
            ? new FlowKey(quoted.Source, quoted.Destination, quoted.SourcePort, 0, quoted.Protocol)
            : FlowKey.Outbound(quoted);
        lock (_lock)
        {
            var now = Now();
            var known = key.Protocol switch
            {
                IpProtocol.Tcp => _tcp.TryGet(key, now, out _),
                IpProtocol.Udp => _udp.TryGet(key, now, out _),
                _ => quoted.IsEchoRequest && _echo.TryGet(key, now, out _),
            };
            var program = _program.Value;
            return known
                || (program.Local.Contains(key.Local)
                    && !IsJailed(program, error.Source)
                    && program.Allows(key.Remote, key.Local, key.LocalPort, key.Protocol))
                ? FilterVerdict.Accept
                : FilterVerdict.NotAllowed;
        }
    }

    /// <summary>Milliseconds; to be called with the lock held.</summary>
    private long Now()
    {
        if (_nowIsStale)
        {
            _nowIsStale = false;
            _now = (long)time.GetElapsedTime(0).TotalMilliseconds;
            if (_now >= _nextSweep)
            {
                _nextSweep = _now + SweepInterval;
                _tcp.Sweep(_now);
                _udp.Sweep(_now);
                _echo.Sweep(_now);
                _udpOfPeers.Sweep(_now);

                // Asked anew now and then, the rules' answers keep their conversations from being forgotten.
                Array.Clear(_allowed);
            }
        }

        return _now;
    }
}
