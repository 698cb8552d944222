using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.Mapping;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Tests.Filtering;

public sealed class PacketFilterTests
{
    private const string Us = "100.64.0.1";
    private const string Us6 = "fd7a:115c:a1e0::1";
    private const string Peer = "100.64.0.2";
    private const string Peer6 = "fd7a:115c:a1e0::2";
    private const string Stranger = "100.64.0.9";

    private readonly SteppedTime _time = new();

    /// <summary>Whom packets from an address come from.</summary>
    private readonly Dictionary<string, NodePublicKey> _peers = [];
    private readonly PacketFilter _filter;

    public PacketFilterTests()
    {
        _filter = new PacketFilter(_time, address => _peers.TryGetValue(MappedAddress.ToIPAddress(address).ToString(), out var peer) ? peer : null);
        Use(Rule([Peer, Peer6], [(Us, 80, 90), (Us6, 443, 443)]));
    }

    [Fact]
    public void Without_rules_nothing_comes_in() =>
        Assert.Equal(FilterVerdict.NotForUs, new PacketFilter(_time, _ => null).Check(IpPackets.Tcp(Peer, 5000, Us, 80, IpPackets.Syn)));

    [Theory]
    [InlineData(Peer, Us, 80, true)]
    [InlineData(Peer, Us, 90, true)]
    [InlineData(Peer, Us, 91, false)]
    [InlineData(Peer, Us, 79, false)]
    [InlineData(Stranger, Us, 80, false)]
    [InlineData(Peer6, Us6, 443, true)]
    [InlineData(Peer6, Us6, 80, false)]
    public void Rules_decide_by_source_destination_and_port(string source, string destination, int port, bool allowed)
    {
        Assert.Equal(allowed ? FilterVerdict.Accept : FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(source, 5000, destination, port, IpPackets.Syn)));
        Assert.Equal(allowed ? FilterVerdict.Accept : FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(source, 5000, destination, port)));
    }

    [Fact]
    public void What_is_for_another_address_does_not_come_in()
    {
        Use(Rule(["*"], [("*", 0, 65535)]));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Stranger, 1, Us, 1)));
        Assert.Equal(FilterVerdict.NotForUs, _filter.Check(IpPackets.Udp(Stranger, 1, "100.64.0.3", 1)));
    }

    [Theory]
    [InlineData("192.0.2.7", true)]
    [InlineData("9.255.255.255", true)]
    [InlineData("11.0.0.0", true)]
    [InlineData("223.255.255.255", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("100::", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("100.100.1.1", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("192.168.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("64:ff9b::1", true)]
    public void Default_routes_lead_to_the_internet_and_nowhere_else(string destination, bool reached)
    {
        var map = new NetworkMap(new Node { Addresses = [IPPrefix.Parse($"{Us}/32")], AllowedIPs = [IPPrefix.Parse("0.0.0.0/0"), IPPrefix.Parse("::/0")] })
        {
            PacketFilter = [Rule(["*"], [("*", 0, 65535)])],
        };
        var source = destination.Contains(':', StringComparison.Ordinal) ? Peer6 : Peer;
        _filter.Use(NetworkMapFilter.From(map, [], new TailnetNodePreferences { AdvertiseExitNode = true }, shieldsUp: false, Assert.Null));

        var verdict = _filter.Check(IpPackets.Udp(source, 1, destination, 1));

        Assert.Equal(reached ? FilterVerdict.Accept : FilterVerdict.NotForUs, verdict);
    }

    [Theory]
    [InlineData(Peer, "127.0.0.1")]
    [InlineData(Peer, "127.255.0.1")]
    [InlineData(Peer, "0.0.0.0")]
    [InlineData("127.0.0.1", Us)]
    [InlineData(Peer6, "::1")]
    [InlineData(Peer6, "::")]
    [InlineData("::1", Us6)]
    public void What_means_a_machine_itself_never_comes_in(string source, string destination)
    {
        _filter.Use(FilterCompiler.Compile([Rule(["*"], [("*", 0, 65535)])], [], [AddressRange.Everything], AddressSet.Empty, shieldsUp: false, Assert.Null));

        Assert.Equal(FilterVerdict.NotForUs, _filter.Check(IpPackets.Udp(source, 1, destination, 1)));
    }

    [Fact]
    public void A_rule_for_one_protocol_lets_no_other_in()
    {
        Use(Rule([Peer], [(Us, 0, 65535)]) with { IPProto = [6] });

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(Peer, 1, Us, 1, IpPackets.Syn)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer, 1, Us, 1)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Packet(Peer, Us, 47, new byte[8])));
    }

    [Theory]
    [InlineData(0, 65535, FilterVerdict.Accept)]
    [InlineData(22, 22, FilterVerdict.NotAllowed)]
    public void A_protocol_without_ports_needs_a_rule_for_all_of_them(int first, int last, object verdict)
    {
        Use(Rule([Peer], [(Us, first, last)]) with { IPProto = [47] });

        Assert.Equal(verdict, _filter.Check(IpPackets.Packet(Peer, Us, 47, new byte[8])));
    }

    [Fact]
    public void An_echo_needs_a_rule_for_the_address_whatever_its_protocols()
    {
        Use(Rule([Peer], [(Us, 443, 443)]) with { IPProto = [6] });

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Echo(Peer, Us, reply: false, 1)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Echo(Stranger, Us, reply: false, 1)));
    }

    [Fact]
    public void An_echo_needs_a_rule_for_the_address_whatever_its_ports() =>
        Assert.Equal(
            (FilterVerdict.Accept, FilterVerdict.NotAllowed),
            (_filter.Check(IpPackets.Echo(Peer, Us, reply: false, 7)), _filter.Check(IpPackets.Echo(Stranger, Us, reply: false, 7))));

    [Theory]
    [InlineData(Us, Stranger)]
    [InlineData(Us6, "fd7a:115c:a1e0::9")]
    public void Answers_to_what_went_out_come_in_and_nothing_else_from_there(string us, string them)
    {
        _filter.Sent(IpPackets.Tcp(us, 40000, them, 443, IpPackets.Syn));
        _filter.Sent(IpPackets.Udp(us, 40001, them, 53));
        _filter.Sent(IpPackets.Echo(us, them, reply: false, 77));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(them, 443, us, 40000, IpPackets.Syn | IpPackets.Ack)));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(them, 443, us, 40000, IpPackets.Ack)));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(them, 53, us, 40001)));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Echo(them, us, reply: true, 77)));

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(them, 443, us, 40000, IpPackets.Syn)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(them, 444, us, 40000, IpPackets.Ack)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(them, 53, us, 40000)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Echo(them, us, reply: true, 78)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Echo(them, us, reply: false, 77)));
    }

    [Fact]
    public void A_conversation_is_forgotten_after_its_time()
    {
        _filter.Sent(IpPackets.Udp(Us, 40001, Stranger, 53));
        Step(TimeSpan.FromSeconds(299));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Stranger, 53, Us, 40001)));

        Step(TimeSpan.FromSeconds(2));

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Stranger, 53, Us, 40001)));
        Assert.Equal(0, _filter.FlowCount);
    }

    [Fact]
    public void An_established_connection_lasts_hours_and_a_closed_one_minutes()
    {
        _filter.Sent(IpPackets.Tcp(Us, 40000, Stranger, 443, IpPackets.Syn));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(Stranger, 443, Us, 40000, IpPackets.Syn | IpPackets.Ack)));
        Step(TimeSpan.FromHours(2));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(Stranger, 443, Us, 40000, IpPackets.Ack)));

        _filter.Sent(IpPackets.Tcp(Us, 40000, Stranger, 443, 0x01 | IpPackets.Ack));
        Step(TimeSpan.FromMinutes(5));

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(Stranger, 443, Us, 40000, IpPackets.Ack)));
    }

    [Theory]
    [InlineData(Us, Stranger, "100.64.0.77")]
    [InlineData(Us6, "fd7a:115c:a1e0::9", "fd7a:115c:a1e0::77")]
    public void Errors_come_in_if_they_are_about_something_sent(string us, string them, string router)
    {
        var sent = IpPackets.Udp(us, 40001, them, 53);
        _filter.Sent(sent);

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Unreachable(router, us, sent)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Unreachable(router, us, IpPackets.Udp(us, 40002, them, 53))));
        Assert.Equal(FilterVerdict.Malformed, _filter.Check(IpPackets.Unreachable(router, us, [1, 2, 3])));
    }

    [Fact]
    public void Errors_about_answers_to_an_allowed_peer_come_in() =>
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Unreachable(Peer, Us, IpPackets.Tcp(Us, 80, Peer, 5000, IpPackets.Ack))));

    [Fact]
    public void A_jailed_peer_may_answer_and_not_begin()
    {
        using var key = NodePrivateKey.Generate();
        _peers[Peer] = key.PublicKey;
        Use([new Node { ID = 2, Key = key.PublicKey, Addresses = [IPPrefix.Parse($"{Peer}/32")], IsJailed = true }], Rule(["*"], [("*", 0, 65535)]));
        _filter.Sent(IpPackets.Udp(Us, 40001, Peer, 53));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 53, Us, 40001)));
        Assert.Equal(FilterVerdict.JailedPeer, _filter.Check(IpPackets.Udp(Peer, 53, Us, 40002)));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Stranger, 53, Us, 40002)));
    }

    [Fact]
    public void What_is_behind_a_jailed_peer_is_as_jailed()
    {
        using var key = NodePrivateKey.Generate();
        const string behind = "198.51.100.7";
        Use([new Node { ID = 2, Key = key.PublicKey, Addresses = [IPPrefix.Parse($"{Peer}/32")], IsJailed = true }], Rule(["*"], [("*", 0, 65535)]));
        var echo = IpPackets.Echo(Us, Stranger, reply: false, 5);
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(behind, 53, Us, 40002)));

        _peers[behind] = key.PublicKey;
        _filter.PeersChanged();

        Assert.Equal(FilterVerdict.JailedPeer, _filter.Check(IpPackets.Udp(behind, 53, Us, 40002)));
        Assert.Equal(FilterVerdict.JailedPeer, _filter.Check(IpPackets.Echo(behind, Us, reply: false, 5)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Unreachable(behind, Us, IpPackets.Tcp(Us, 80, behind, 5000, IpPackets.Ack))));
        _filter.Sent(echo);
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Unreachable(behind, Us, echo)));
        Assert.False(_filter.Program.Permits(key.PublicKey, Number(behind), Number(Us), 40002, 17));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("10.1.3.1", false)]
    [InlineData("192.168.7.7", false)]
    [InlineData("198.51.100.1", false)]
    [InlineData("2001:db8:1::1", true)]
    [InlineData("2001:db9::1", false)]
    [InlineData("100.64.250.1", true)]
    [InlineData("100.64.250.2", false)]
    public void A_node_leads_to_what_it_offers_of_what_is_approved(string destination, bool reached)
    {
        var approved = new[] { "10.1.0.0/16", "192.168.0.0/16", "0.0.0.0/0", "2001:db8:1::/48", "::/0", "100.64.250.1/32", "100.64.250.2/32" };
        var offered = new[] { "10.1.2.0/24", "10.2.0.0/16", "2001:db8::/32" };
        var map = new NetworkMap(new Node { Addresses = [IPPrefix.Parse($"{Us}/32")], AllowedIPs = [.. approved.Select(text => IPPrefix.Parse(text))] }) { PacketFilter = [Rule(["*"], [("*", 0, 65535)])] };
        var preferences = new TailnetNodePreferences { AdvertiseRoutes = [.. offered.Select(System.Net.IPNetwork.Parse)] };
        _filter.Use(NetworkMapFilter.From(map, [System.Net.IPAddress.Parse("100.64.250.1")], preferences, shieldsUp: false, Assert.Null));

        var verdict = _filter.Check(IpPackets.Udp(destination.Contains(':', StringComparison.Ordinal) ? Peer6 : Peer, 1, destination, 1));

        Assert.Equal(reached ? FilterVerdict.Accept : FilterVerdict.NotForUs, verdict);
    }

    [Fact]
    public void A_source_by_capability_is_every_peer_that_has_it()
    {
        var capable = new Node { ID = 2, Addresses = [IPPrefix.Parse($"{Peer}/32")], CapMap = new Dictionary<string, IReadOnlyList<RawJson>> { ["example.com/cap/scrape"] = [] } };
        var other = new Node { ID = 9, Addresses = [IPPrefix.Parse($"{Stranger}/32")] };
        Use([capable, other], Rule(["cap:example.com/cap/scrape"], [(Us, 9100, 9100)]));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(Peer, 1, Us, 9100, IpPackets.Syn)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(Stranger, 1, Us, 9100, IpPackets.Syn)));
    }

    [Fact]
    public void A_right_withdrawn_ends_open_connections()
    {
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Tcp(Peer, 5000, Us, 80, IpPackets.Ack)));

        Use();

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(Peer, 5000, Us, 80, IpPackets.Ack)));
    }

    [Fact]
    public void Later_fragments_pass_unless_they_would_replace_the_ports()
    {
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Packet(Stranger, Us, 17, new byte[100], fragmentOffset: 1232)));
        Assert.Equal(FilterVerdict.BadFragment, _filter.Check(IpPackets.Packet(Stranger, Us, 6, new byte[100], fragmentOffset: 8)));
    }

    [Fact]
    public void Later_fragments_for_another_address_do_not_come_in() =>
        Assert.Equal(FilterVerdict.NotForUs, _filter.Check(IpPackets.Packet(Stranger, "100.64.0.3", 17, new byte[100], fragmentOffset: 1232)));

    [Fact]
    public void A_fragment_within_a_fragment_does_not_pass_for_a_later_one()
    {
        byte[] outer = [44, 0, 0, 1, 0, 0, 0, 7];
        byte[] inner = [6, 0, 0, 0x50, 0, 0, 0, 8];

        Assert.Equal(FilterVerdict.Malformed, _filter.Check(IpPackets.Packet("fd7a:115c:a1e0::9", Us6, 44, [.. outer, .. inner, .. new byte[40]])));
    }

    [Fact]
    public void Messages_about_the_tunnel_pass_from_every_peer() =>
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Packet(Stranger, Us, 99, new byte[9])));

    [Fact]
    public void Messages_about_the_tunnel_are_for_this_node() =>
        Assert.Equal(FilterVerdict.NotForUs, _filter.Check(IpPackets.Packet(Stranger, "100.64.0.3", 99, new byte[9])));

    [Fact]
    public void What_hides_behind_the_protocol_of_the_tunnels_messages_needs_a_rule()
    {
        const string Stranger6 = "fd7a:115c:a1e0::9";
        byte[] options = [99, 0, 1, 4, 0, 0, 0, 0, .. new byte[9]];
        byte[] firstFragment = [99, 0, 0, 1, 0, 0, 0, 7, .. new byte[24]];
        var moreFollows = IpPackets.Packet(Stranger, Us, 99, new byte[24]);
        moreFollows[6] = 0x20;

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Packet(Stranger6, Us6, 60, options)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Packet(Stranger6, Us6, 44, firstFragment)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(moreFollows));
    }

    [Fact]
    public void A_packet_that_asks_to_be_sent_on_from_here_is_refused()
    {
        var segment = IpPackets.Tcp(Peer6, 5000, Us6, 443, IpPackets.Syn).AsSpan(40);
        byte[] arrived = [6, 2, 0, 0, .. new byte[20], .. segment];
        byte[] underWay = [6, 2, 0, 1, .. new byte[20], .. segment];

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Packet(Peer6, Us6, 43, arrived)));
        Assert.Equal(FilterVerdict.Malformed, _filter.Check(IpPackets.Packet(Peer6, Us6, 43, underWay)));
    }

    [Fact]
    public void An_IPv4_address_in_an_IPv6_header_does_not_pass_for_the_IPv4_one()
    {
        Use(Rule(["*"], [("*", 0, 65535)]));

        Assert.Equal(FilterVerdict.Malformed, _filter.Check(IpPackets.MappedUdp(Peer, 1, Us, 80)));
    }

    [Theory]
    [InlineData("::/0", "*")]
    [InlineData("*", "::/0")]
    [InlineData("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "*")]
    public void A_rule_for_all_of_IPv6_lets_no_IPv4_in(string source, string destination)
    {
        Use(Rule([source], [(destination, 0, 65535)]));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer6, 1, Us6, 1)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer, 1, Us, 1)));
    }

    [Fact]
    public void A_rule_for_all_of_IPv4_lets_no_IPv6_in()
    {
        Use(Rule(["0.0.0.0/0"], [("*", 0, 65535)]));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 1, Us, 1)));
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer6, 1, Us6, 1)));
    }

    [Fact]
    public void A_grant_to_all_of_IPv6_grants_nothing_at_an_IPv4_address()
    {
        Use(new FilterRule
        {
            SrcIPs = ["*"],
            CapGrant = [new CapGrant { Dsts = [IPPrefix.Parse("::/0")], CapMap = new Dictionary<string, IReadOnlyList<RawJson>> { ["example.com/cap/a"] = [] } }],
        });

        Assert.Single(_filter.Program.Capabilities(Number(Peer6), Number(Us6)));
        Assert.Empty(_filter.Program.Capabilities(Number(Peer), Number(Us)));
    }

    [Fact]
    public void A_right_withdrawn_ends_conversations_that_the_peer_began_though_they_are_still_answered()
    {
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
        _filter.Sent(IpPackets.Udp(Us, 80, Peer, 5000));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));

        Use();

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
        for (var minute = 0; minute < 10; minute++)
        {
            _filter.Sent(IpPackets.Udp(Us, 80, Peer, 5000));
            Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
            Step(TimeSpan.FromMinutes(1));
        }
    }

    [Fact]
    public void A_peer_that_only_speaks_for_long_is_still_known_to_have_begun()
    {
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
            Step(TimeSpan.FromMinutes(1));
        }

        _filter.Sent(IpPackets.Udp(Us, 80, Peer, 5000));
        Use();

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
    }

    [Fact]
    public void Conversations_begun_here_go_on_when_a_right_is_withdrawn()
    {
        _filter.Sent(IpPackets.Udp(Us, 80, Peer, 5000));
        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));

        Use();

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Peer, 5000, Us, 80)));
    }

    [Fact]
    public void A_peer_that_begins_many_conversations_displaces_none_begun_here()
    {
        Use(Rule([Peer], [(Us, 0, 65535)]));
        _filter.Sent(IpPackets.Udp(Us, 40001, Stranger, 53));

        for (var port = 1; port <= 65_535; port++)
        {
            _filter.Check(IpPackets.Udp(Peer, port, Us, 80));
            _filter.Sent(IpPackets.Udp(Us, 80, Peer, port));
            _filter.Check(IpPackets.Udp(Peer, port, Us, 81));
            _filter.Sent(IpPackets.Udp(Us, 81, Peer, port));
        }

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Udp(Stranger, 53, Us, 40001)));
    }

    [Theory]
    [InlineData("224.0.0.251", FilterVerdict.Multicast)]
    [InlineData("169.254.1.1", FilterVerdict.LinkLocal)]
    public void Multicast_and_link_local_packets_are_told_apart_from_forbidden_ones(string destination, object verdict) =>
        Assert.Equal(verdict, _filter.Check(IpPackets.Udp(Peer, 1, destination, 5353)));

    [Fact]
    public void Cut_packets_are_malformed()
    {
        var whole = IpPackets.Tcp(Peer, 5000, Us, 80, IpPackets.Syn);
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Equal(FilterVerdict.Malformed, _filter.Check(whole.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Extension_headers_are_looked_behind()
    {
        var segment = IpPackets.Tcp(Peer6, 5000, Us6, 443, IpPackets.Syn).AsSpan(40);
        var options = new byte[8 + segment.Length];
        options[0] = 6;
        segment.CopyTo(options.AsSpan(8));

        Assert.Equal(FilterVerdict.Accept, _filter.Check(IpPackets.Packet(Peer6, Us6, 60, options)));
        options[11] = 80;
        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Packet(Peer6, Us6, 60, options)));
    }

    [Fact]
    public void Shields_up_lets_nobody_begin()
    {
        _filter.Use(FilterCompiler.Compile([Rule(["*"], [("*", 0, 65535)])], [], Local(), AddressSet.Empty, shieldsUp: true, Assert.Null));

        Assert.Equal(FilterVerdict.NotAllowed, _filter.Check(IpPackets.Tcp(Peer, 1, Us, 1, IpPackets.Syn)));
    }

    [Fact]
    public void Deciding_allocates_nothing()
    {
        var allowed = IpPackets.Tcp(Peer, 5000, Us, 80, IpPackets.Ack);
        var refused = IpPackets.Udp(Stranger, 5000, Us, 80);
        var sent = IpPackets.Udp(Us, 40001, Peer, 53);
        var answer = IpPackets.Udp(Peer, 53, Us, 40001);
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            Round();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            _filter.Check(allowed);
            _filter.Check(refused);
            _filter.Sent(sent);
            _filter.Check(answer);
            _filter.EndOfBatch();
        }
    }

    [Fact]
    public void Grants_of_all_matching_rules_are_merged()
    {
        FilterRule Granting(string source, string capability, params string[] values) => new()
        {
            SrcIPs = [source],
            CapGrant = [new CapGrant { Dsts = [IPPrefix.Parse($"{Us}/32")], CapMap = new Dictionary<string, IReadOnlyList<RawJson>> { [capability] = [.. values.Select(value => new RawJson(value))] } }],
        };
        Use(Granting("100.64.0.0/10", "example.com/cap/a", "1"), Granting(Peer, "example.com/cap/a", "2", "3"), Granting(Stranger, "example.com/cap/b"));

        var capabilities = _filter.Program.Capabilities(Number(Peer), Number(Us));

        Assert.Equal(["1", "2", "3"], Assert.Single(capabilities).Value);
    }

    private static UInt128 Number(string address) => MappedAddress.From(System.Net.IPAddress.Parse(address));

    private static FilterRule Rule(string[] sources, (string IP, int First, int Last)[] destinations) => new()
    {
        SrcIPs = sources,
        DstPorts = [.. destinations.Select(to => new NetPortRange { IP = to.IP, Ports = new PortRange((ushort)to.First, (ushort)to.Last) })],
    };

    private static IEnumerable<AddressRange> Local() =>
        from text in new[] { Us, Us6 }
        select AddressRange.Of(System.Net.IPAddress.Parse(text));

    private void Use(params FilterRule[] rules) => Use([], rules);

    private void Use(Node[] peers, params FilterRule[] rules) =>
        _filter.Use(FilterCompiler.Compile(rules, peers, Local(), AddressSet.Empty, shieldsUp: false, Assert.Null));

    private void Step(TimeSpan by)
    {
        _time.Step(by);
        _filter.EndOfBatch();
    }
}
