using System.Collections;
using System.Net;
using System.Text;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Tests.Control;

public sealed class NetworkMapReducerTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private const string Key = "nodekey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void The_first_message_needs_a_node() =>
        Assert.Throws<NetworkMapException>(() => NetworkMapReducer.Apply(null, new MapResponse { Peers = [new Node { ID = 2 }] }, Now));

    [Fact]
    public void A_message_that_says_nothing_changes_nothing()
    {
        var map = Full();

        Assert.Same(map, Apply(map, "{}"));
        Assert.Same(map, Apply(map, """{"Peers":null,"PeersChanged":null,"UserProfiles":null,"PacketFilter":null,"Health":null,"DNSConfig":null,"Domain":""}"""));
    }

    [Fact]
    public void The_node_is_replaced_whole()
    {
        var map = Apply(Full(), """{"Node":{"ID":1,"Name":"new.example.ts.net."}}""");

        Assert.Equal("new.example.ts.net.", map.Self.Name);
        Assert.Empty(map.Self.Addresses);
        Assert.Equal(3, map.Peers.Count);
    }

    [Fact]
    public void A_list_of_peers_replaces_all_and_is_sorted_and_the_last_of_one_ID_counts()
    {
        var map = Apply(Full(), """{"Peers":[{"ID":9,"Name":"i."},{"ID":4,"Name":"old."},{"ID":4,"Name":"d."}]}""");

        Assert.Equal([4, 9], map.Peers.Select(peer => peer.ID));
        Assert.Equal("d.", map.Peers[0].Name);
    }

    [Fact]
    public void An_empty_list_of_peers_says_nothing()
    {
        var map = Full();

        Assert.Same(map.Peers, Apply(map, """{"Peers":[]}""").Peers);
        Assert.Equal([2, 3, 4, 5], Ids(Apply(map, """{"Peers":[],"PeersChanged":[{"ID":5}]}""")));
    }

    [Fact]
    public void Changes_beside_a_list_of_peers_do_not_count()
    {
        var map = Apply(Full(), """{"Peers":[{"ID":2}],"PeersRemoved":[2],"PeersChanged":[{"ID":7}],"OnlineChange":{"2":true},"PeerSeenChange":{"2":true},"PeersChangedPatch":[{"NodeID":2,"Cap":9}]}""");

        Assert.Equal([2], Ids(map));
        Assert.Null(map.Peers[0].Online);
        Assert.Null(map.Peers[0].LastSeen);
        Assert.Equal(0, map.Peers[0].Cap);
    }

    [Fact]
    public void Peers_are_removed_and_added_and_replaced_and_unknown_ones_ignored()
    {
        var map = Apply(Full(), """{"PeersRemoved":[3,77],"PeersChanged":[{"ID":10,"Name":"j."},{"ID":2,"Name":"b2."},{"ID":1000}]}""");

        Assert.Equal([2, 4, 10, 1000], Ids(map));
        Assert.Equal("b2.", map.FindPeer(2)!.Name);
    }

    [Fact]
    public void A_peer_removed_and_changed_in_one_message_is_there_since_removal_comes_first() =>
        Assert.Equal("again.", Apply(Full(), """{"PeersRemoved":[3],"PeersChanged":[{"ID":3,"Name":"again."}]}""").FindPeer(3)!.Name);

    [Fact]
    public void Changes_of_one_peer_apply_in_their_order()
    {
        var map = Apply(Full(), """{"PeersChangedPatch":[{"NodeID":3,"Online":true,"LastSeen":"2020-01-01T00:00:00Z"}],"OnlineChange":{"3":false},"PeerSeenChange":{"3":true},"PeersChanged":[{"ID":3,"Name":"x."}]}""");

        var peer = map.FindPeer(3)!;
        Assert.Equal("x.", peer.Name);
        Assert.True(peer.Online);
        Assert.Equal(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), peer.LastSeen);
    }

    [Fact]
    public void Seen_is_now_and_unseen_is_unknown()
    {
        var seen = Apply(Full(), """{"PeerSeenChange":{"2":true,"99":true}}""");
        Assert.Equal(Now, seen.FindPeer(2)!.LastSeen);
        Assert.Null(Apply(seen, """{"PeerSeenChange":{"2":false}}""").FindPeer(2)!.LastSeen);
    }

    [Fact]
    public void Online_is_set_and_unset()
    {
        var map = Apply(Full(), """{"OnlineChange":{"2":true,"3":false}}""");
        Assert.True(map.FindPeer(2)!.Online);
        Assert.False(map.FindPeer(3)!.Online);
        Assert.Null(map.FindPeer(4)!.Online);
    }

    [Fact]
    public void A_patch_changes_what_it_says_and_nothing_else()
    {
        var before = Apply(Full(), $$"""{"PeersChanged":[{"ID":2,"Name":"b.","Key":"{{Key}}","HomeDERP":5,"Cap":90,"Endpoints":["192.0.2.1:1"],"CapMap":{"x":[1]},"KeySignature":"AQ==","Online":true}]}""");

        var untouched = Apply(before, """{"PeersChangedPatch":[{"NodeID":2}]}""").FindPeer(2)!;
        Assert.Equal(Json(before.FindPeer(2)!), Json(untouched));

        var patched = Apply(
            before,
            $$"""{"PeersChangedPatch":[{"NodeID":2,"DERPRegion":7,"Cap":100,"CapMap":{"y":[]},"Endpoints":["192.0.2.2:2"],"Key":"{{Key.Replace("0001", "0002", StringComparison.Ordinal)}}","KeySignature":"Ag==","DiscoKey":"{{Key.Replace("nodekey", "discokey", StringComparison.Ordinal)}}","Online":false,"LastSeen":"2020-01-01T00:00:00Z","KeyExpiry":"2021-01-01T00:00:00Z"},{"NodeID":88,"Cap":1}]}""").FindPeer(2)!;
        Assert.Equal("b.", patched.Name);
        Assert.Equal(7, patched.HomeDERP);
        Assert.Equal(100, patched.Cap);
        Assert.Equal(["y"], patched.CapMap.Keys);
        Assert.Equal([IPEndPoint.Parse("192.0.2.2:2")], patched.Endpoints);
        Assert.StartsWith("nodekey:0002", patched.Key.ToString(), StringComparison.Ordinal);
        Assert.Equal([2], patched.KeySignature!);
        Assert.False(patched.DiscoKey.IsZero);
        Assert.False(patched.Online);
        Assert.Equal(2020, patched.LastSeen!.Value.Year);
        Assert.Equal(2021, patched.KeyExpiry.Year);
    }

    [Fact]
    public void An_empty_map_or_list_in_a_patch_clears()
    {
        var before = Apply(Full(), """{"PeersChanged":[{"ID":2,"Endpoints":["192.0.2.1:1"],"CapMap":{"x":[1]}}]}""");
        var after = Apply(before, """{"PeersChangedPatch":[{"NodeID":2,"CapMap":{},"Endpoints":[]}]}""").FindPeer(2)!;
        Assert.Empty(after.CapMap);
        Assert.Empty(after.Endpoints);
    }

    [Fact]
    public void Forms_of_older_servers_become_current()
    {
        var map = Apply(Full(), """{"Node":{"ID":1,"Capabilities":["old"],"CapMap":{"new":[1]}},"PeersChanged":[{"ID":2,"DERP":"127.3.3.40:12","Addresses":["100.64.0.2/32"],"Capabilities":["funnel"]},{"ID":3,"AllowedIPs":[],"Addresses":["100.64.0.3/32"]},{"ID":4,"DERP":"10.0.0.1:3"}]}""");

        Assert.True(map.Self.HasCapability("old") && map.Self.HasCapability("new"));
        Assert.Equal(12, map.FindPeer(2)!.HomeDERP);
        Assert.Equal([IPPrefix.Parse("100.64.0.2/32")], map.FindPeer(2)!.AllowedIPs!);
        Assert.True(map.FindPeer(2)!.CapMap.ContainsKey("funnel"));
        Assert.Empty(map.FindPeer(3)!.AllowedIPs!);
        Assert.Equal(0, map.FindPeer(4)!.HomeDERP);
    }

    [Fact]
    public void A_peer_that_is_not_signed_gets_no_traffic_but_its_own() =>
        Assert.Equal(
            [IPPrefix.Parse("100.64.0.2/32")],
            Apply(Full(), """{"PeersChanged":[{"ID":2,"UnsignedPeerAPIOnly":true,"Addresses":["100.64.0.2/32"],"AllowedIPs":["100.64.0.2/32","0.0.0.0/0"]}]}""").FindPeer(2)!.AllowedIPs!);

    [Fact]
    public void Profiles_add_up()
    {
        var map = Apply(Apply(Full(), """{"UserProfiles":[{"ID":7,"LoginName":"a@x"}]}"""), """{"UserProfiles":[{"ID":8,"LoginName":"b@x"},{"ID":7,"LoginName":"c@x"}]}""");
        Assert.Equal("c@x", map.UserProfiles[7].LoginName);
        Assert.Equal("b@x", map.UserProfiles[8].LoginName);
        Assert.Equal("c@x", map.OwnerOf(new Node { User = 7 })!.LoginName);
    }

    [Fact]
    public void The_unnamed_packet_filter_is_the_one_named_base()
    {
        var map = Apply(Full(), """{"PacketFilter":[{"SrcIPs":["1.1.1.1"]}]}""");
        Assert.Equal("1.1.1.1", Sources(map));
        Assert.Equal("", Sources(Apply(map, """{"PacketFilters":{"base":null}}""")));
        Assert.Equal("", Sources(Apply(map, """{"PacketFilter":[]}""")));
        Assert.Equal("1.1.1.1", Sources(Apply(map, """{"PacketFilter":null}""")));
    }

    [Fact]
    public void Named_packet_filters_come_and_go_and_are_joined_in_the_order_of_their_names()
    {
        var map = Apply(Full(), """{"PacketFilters":{"z":[{"SrcIPs":["z"]}],"a":[{"SrcIPs":["a"]},null],"Z":[{"SrcIPs":["Z"]}]}}""");
        Assert.Equal("Z a z", Sources(map));
        map = Apply(map, """{"PacketFilter":[{"SrcIPs":["base"]}],"PacketFilters":{"a":null,"unknown":null,"z":[]}}""");
        Assert.Equal("Z base", Sources(map));
        Assert.Equal("new", Sources(Apply(map, """{"PacketFilters":{"m":[{"SrcIPs":["new"]}],"*":null}}""")));
        Assert.Equal("", Sources(Apply(map, """{"PacketFilters":{"*":null}}""")));
        Assert.Equal("Z base", Sources(Apply(map, """{"PacketFilters":{"*":[{"SrcIPs":["no"]}]}}""")));
    }

    [Fact]
    public void Regions_are_replaced_whole_and_null_ones_dropped_and_a_map_without_keeps_them()
    {
        var map = Apply(Full(), """{"DERPMap":{"Regions":{"1":{"RegionID":1},"2":null},"omitDefaultRegions":true,"HomeParams":{"RegionScore":{"1":0.5}}}}""");
        Assert.Equal([1], map.DerpMap.Regions!.Keys);
        Assert.True(map.DerpMap.OmitDefaultRegions);

        var kept = Apply(map, """{"DERPMap":{"HomeParams":{}}}""").DerpMap;
        Assert.Equal([1], kept.Regions!.Keys);
        Assert.True(kept.OmitDefaultRegions);
        Assert.Equal(0.5, kept.HomeParams!.RegionScore![1]);

        var scored = Apply(map, """{"DERPMap":{"HomeParams":{"RegionScore":{}}}}""").DerpMap;
        Assert.Empty(scored.HomeParams!.RegionScore!);

        var replaced = Apply(map, """{"DERPMap":{"Regions":{"3":{"RegionID":3}}}}""").DerpMap;
        Assert.Equal([3], replaced.Regions!.Keys);
        Assert.False(replaced.OmitDefaultRegions);
        Assert.Equal(0.5, replaced.HomeParams!.RegionScore![1]);

        Assert.Empty(Apply(map, """{"DERPMap":{"Regions":{}}}""").DerpMap.Regions!);
    }

    [Fact]
    public void Health_is_replaced_and_cleared_by_an_empty_list()
    {
        var map = Apply(Full(), """{"Health":["ill"]}""");
        Assert.Equal(["ill"], map.Health);
        Assert.Equal(["ill"], Apply(map, "{}").Health);
        Assert.Empty(Apply(map, """{"Health":[]}""").Health);
    }

    [Fact]
    public void Messages_come_and_go_by_name()
    {
        var map = Apply(Full(), """{"DisplayMessages":{"a":{"Title":"A"},"b":{"Title":"B"}}}""");
        map = Apply(map, """{"DisplayMessages":{"a":null,"c":{"Title":"C"},"unknown":null}}""");
        Assert.Equal(["b", "c"], map.DisplayMessages.Keys);
        Assert.Equal(["d"], Apply(map, """{"DisplayMessages":{"d":{"Title":"D"},"*":null}}""").DisplayMessages.Keys);
        Assert.Equal(["b", "c"], Apply(map, """{"DisplayMessages":{"*":{"Title":"no"}}}""").DisplayMessages.Keys);
        Assert.Equal(["b", "c"], Apply(map, """{"DisplayMessages":{}}""").DisplayMessages.Keys);
    }

    [Fact]
    public void The_rest_is_replaced_when_present()
    {
        var map = Apply(Full(), """{"DNSConfig":{"Proxied":true},"Domain":"d","TKAInfo":{"Head":"h"}}""");
        Assert.Same(map, Apply(map, "{}"));
        Assert.True(map.Dns.Proxied);
        Assert.Equal("d", map.Domain);
        Assert.Equal("h", map.TailnetLock!.Head);
        Assert.Contains("tailnet lock", Assert.Single(HealthMessages.Of(map)), StringComparison.Ordinal);
        Assert.Empty(HealthMessages.Of(Apply(map, """{"TKAInfo":{"Disabled":true}}""")));
        Assert.False(Apply(map, """{"DNSConfig":{}}""").Dns.Proxied);
    }

    [Fact]
    public void A_server_that_adds_without_end_is_stopped()
    {
        var peers = Enumerable.Range(2, 100_001).Select(id => new Node { ID = id }).ToList();
        Assert.Throws<NetworkMapException>(() => NetworkMapReducer.Apply(Full(), new MapResponse { PeersChanged = peers }, Now));
    }

    [Fact]
    public void A_copy_of_a_map_has_all_it_had()
    {
        var map = Apply(Full(), """{"DNSConfig":{"Proxied":true},"Domain":"d","TKAInfo":{"Head":"h"},"Health":["x"],"DisplayMessages":{"a":{"Title":"A"}},"PacketFilter":[{"SrcIPs":["a"]}],"UserProfiles":[{"ID":7}],"DERPMap":{"Regions":{"1":{}}}}""");
        var copy = map with { Self = map.Self };

        foreach (var property in typeof(NetworkMap).GetProperties(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic))
        {
            if (property.SetMethod is null) continue;
            var value = property.GetValue(map);
            Assert.True(value is not null and not "" and not false and not ICollection { Count: 0 }, $"{property.Name} is not tested");
            Assert.Equal(value, property.GetValue(copy));
        }
    }

    [Fact]
    public void Nodes_are_found_by_address_key_and_name_and_a_later_claim_takes_nothing_away()
    {
        var map = Apply(null, $$"""{"Node":{"ID":1,"Name":"me.example.ts.net.","Addresses":["100.64.0.1/32"]},"Peers":[{"ID":2,"Name":"b.example.ts.net.","Key":"{{Key}}","Addresses":["100.64.0.2/32","fd7a::2/128"],"AllowedIPs":["10.0.0.0/8"]},{"ID":3,"Name":"b.other.ts.net.","Key":"{{Key}}","Addresses":["100.64.0.1/32","100.64.0.2/32","10.0.0.0/8"]}]}""");

        Assert.Equal(1, map.FindNode(IPAddress.Parse("100.64.0.1"))!.ID);
        Assert.Equal(2, map.FindNode(IPAddress.Parse("fd7a::2"))!.ID);
        Assert.Equal(2, map.FindNode(IPAddress.Parse("::ffff:100.64.0.2"))!.ID);
        Assert.Null(map.FindNode(IPAddress.Parse("10.0.0.1")));
        Assert.Equal(2, map.FindNode(NodePublicKey.Parse(Key))!.ID);
        Assert.Null(map.FindNode(default(NodePublicKey)));
        Assert.Equal(2, map.FindNode("B")!.ID);
        Assert.Equal(2, map.FindNode("b.example.ts.net")!.ID);
        Assert.Equal(3, map.FindNode("b.other.ts.net.")!.ID);
        Assert.Equal("example.ts.net", map.MagicDnsSuffix);
        Assert.Equal(4, Apply(map, """{"PeersChanged":[{"ID":4,"Name":"d.example.ts.net."}]}""").FindNode("d")!.ID);
        Assert.Null(map.FindNode("d"));
    }

    [Fact]
    public void What_changed_between_two_maps_is_told_over_any_number_of_messages()
    {
        var before = Full();
        var after = Apply(Apply(Apply(before, """{"PeersRemoved":[3],"Health":["x"]}"""), """{"PeersChanged":[{"ID":9}],"OnlineChange":{"2":true}}"""), """{"PacketFilter":[]}""");

        var change = NetworkMapChange.Between(before, after);

        Assert.Equal([9], change.PeersAdded.Select(peer => peer.ID));
        Assert.Equal([2], change.PeersChanged.Select(peer => peer.ID));
        Assert.Equal([3], change.PeersRemoved.Select(peer => peer.ID));
        Assert.True(change is { Health: true, PacketFilter: true, Peers: true, IsEmpty: false });
        Assert.True(change is { Self: false, Dns: false, DerpMap: false, UserProfiles: false, IsFirst: false });
        Assert.True(NetworkMapChange.Between(after, after).IsEmpty);
        Assert.True(NetworkMapChange.Between(null, after) is { IsFirst: true, Self: true, PeersAdded.Count: 3 });
    }

    [Fact]
    public void The_same_map_in_a_new_stream_is_no_change()
    {
        const string Message = """{"Node":{"ID":1,"Name":"a."},"Peers":[{"ID":2,"CapMap":{"x":[{"a":1}]},"Endpoints":["192.0.2.1:1"]},{"ID":3}],"UserProfiles":[{"ID":7,"Groups":["g"]}],"DERPMap":{"Regions":{"1":{"RegionID":1}}},"DNSConfig":{"Domains":["d"]},"PacketFilter":[{"SrcIPs":["*"]}],"Health":["h"],"DisplayMessages":{"m":{"Title":"t"}},"ClientVersion":{"RunningLatest":true},"TKAInfo":{"Head":"h"},"ControlDialPlan":{"Candidates":[{"IP":"192.0.2.1"}]},"SSHPolicy":{"rules":[]},"Domain":"d"}""";
        var first = Apply(null, Message);

        Assert.True(NetworkMapChange.Between(first, NetworkMapReuse.Of(first, Apply(null, Message))).IsEmpty);

        var changed = NetworkMapReuse.Of(first, Apply(null, Message.Replace("""{"ID":3}""", """{"ID":3,"Online":true},{"ID":4}""", StringComparison.Ordinal)));
        var change = NetworkMapChange.Between(first, changed);
        Assert.Equal([3], change.PeersChanged.Select(peer => peer.ID));
        Assert.Equal([4], change.PeersAdded.Select(peer => peer.ID));
        Assert.False(change.Self || change.Dns || change.PacketFilter || change.DerpMap || change.UserProfiles || change.Health);
    }

    private static NetworkMap Full() => Apply(null, """{"Node":{"ID":1,"Name":"a.","Addresses":["100.64.0.1/32"]},"Peers":[{"ID":4,"Name":"d."},{"ID":2,"Name":"b."},{"ID":3,"Name":"c."}]}""");

    private static NetworkMap Apply(NetworkMap? map, string json) =>
        NetworkMapReducer.Apply(map, ControlJson.Deserialize<MapResponse>(Encoding.UTF8.GetBytes(json)), Now);

    private static IEnumerable<long> Ids(NetworkMap map) => map.Peers.Select(peer => peer.ID);

    private static string Sources(NetworkMap map) => string.Join(' ', map.PacketFilter.SelectMany(rule => rule.SrcIPs));

    private static string Json(Node node) => Encoding.UTF8.GetString(ControlJson.Serialize(new MapResponse { Node = node }));
}
