using System.Net;
using Fairlead.Tailnet.Protocol.Control.Framing;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class MapStreamTests : ManualTimeTest
{
    [Fact]
    public async Task The_first_message_has_the_node_itself_and_all_that_it_needs()
    {
        var machine = await NewMachine().JoinAsync("web", "tag:k8s");

        var first = await (await machine.StreamAsync()).NextAsync();

        Assert.Equal("web.embedded.ts.net.", first!.Node!.Name);
        Assert.Equal(machine.NodeKey.PublicKey, first.Node.Key);
        Assert.Null(first.Peers);
        Assert.Equal("embedded.example", first.Domain);
        Assert.NotNull(first.DERPMap);
        Assert.True(first.DNSConfig!.Proxied);
        Assert.Equal(["web.embedded.ts.net"], first.DNSConfig.CertDomains);
        Assert.Equal(["*"], Assert.Single(first.PacketFilter!).SrcIPs);
        Assert.Equal(Time.GetUtcNow(), first.ControlTime);
        Assert.False(machine.EarlyPayload!.NodeKeyChallenge.IsZero);
    }

    [Theory]
    [InlineData(MapCompression.None)]
    [InlineData(MapCompression.Zstd)]
    public async Task Peers_come_sorted_and_whole_at_first_and_then_one_by_one(MapCompression compression)
    {
        if (compression == MapCompression.Zstd) Assert.SkipUnless(ZstdCodec.IsAvailable, "libzstd is missing");
        foreach (var name in new[] { "a", "b", "c" }) await NewMachine().JoinAsync(name);
        var viewer = await NewMachine().JoinAsync("viewer");

        var stream = await viewer.StreamAsync(compression);
        var first = await stream.NextAsync();
        await NewMachine().JoinAsync("late", "tag:k8s");
        var next = await stream.NextAsync();

        Assert.Equal(["a", "b", "c"], first!.Peers!.Select(peer => peer.ComputedName).Order());
        Assert.Equal(first.Peers!.Select(peer => peer.ID).Order(), first.Peers!.Select(peer => peer.ID));
        var late = Assert.Single(next!.PeersChanged!);
        Assert.Equal("late", late.ComputedName);
        Assert.False(late.Online);
        Assert.Null(next.Node);
        Assert.Null(next.DNSConfig);
        Assert.Equal("tagged-devices", Assert.Single(next.UserProfiles!).LoginName);
    }

    [Fact]
    public async Task What_a_node_tells_of_itself_reaches_its_peers_as_a_patch()
    {
        var web = await NewMachine().JoinAsync("web");
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        var peer = Assert.Single((await stream.NextAsync())!.Peers!);

        web.Hostinfo = web.Hostinfo with { NetInfo = new NetInfo { PreferredDERP = 900 } };
        Assert.Equal(HttpStatusCode.OK, await web.UpdateAsync("192.0.2.1:41641", "[2001:db8::1]:41641"));
        var message = await stream.NextAsync();

        Assert.Null(message!.PeersChanged);
        var patch = Assert.Single(message.PeersChangedPatch!);
        Assert.Equal(peer.ID, patch.NodeID);
        Assert.Equal(["192.0.2.1:41641", "[2001:db8::1]:41641"], patch.Endpoints!.Select(endpoint => endpoint.ToString()));
        Assert.Equal(web.DiscoKey, patch.DiscoKey);
        Assert.Equal(900, patch.DERPRegion);
        Assert.Null(patch.Online);
    }

    [Fact]
    public async Task What_a_patch_cannot_say_comes_as_a_whole_node()
    {
        var web = await NewMachine().JoinAsync("web");
        await web.UpdateAsync("192.0.2.1:41641");
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        await stream.NextAsync();

        await web.UpdateAsync();
        Assert.Empty(Assert.Single((await stream.NextAsync())!.PeersChanged!).Endpoints);
        web.Hostinfo = web.Hostinfo with { Hostname = "renamed" };
        await web.UpdateAsync();
        Assert.Equal("renamed.embedded.ts.net.", Assert.Single((await stream.NextAsync())!.PeersChanged!).Name);
    }

    [Fact]
    public async Task A_streaming_request_changes_nothing_of_the_node()
    {
        var web = await NewMachine().JoinAsync("web");

        await web.UpdateAsync(new MapRequest { ReadOnly = true, DiscoKey = web.DiscoKey });
        await web.StreamAsync();

        Assert.True(Device("web").Node!.DiscoKey.IsZero);
    }

    [Fact]
    public async Task A_node_goes_online_with_its_stream_and_offline_a_while_after_it_lost_it()
    {
        var web = await NewMachine().JoinAsync("web");
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        await stream.NextAsync();

        var own = await web.StreamAsync();
        Assert.True(Assert.Single((await stream.NextAsync())!.PeersChangedPatch!).Online);
        Assert.True(Device("web").Node!.Online);
        var lost = Time.GetUtcNow();
        await own.DisposeAsync();
        await UntilAsync("the server sees the stream's end", () => Tailnet.Coordination.ConnectedNodes == 1);
        Time.Advance(TimeSpan.FromSeconds(4));
        Assert.True(Device("web").Node!.Online);
        Time.Advance(TimeSpan.FromSeconds(2));

        var patch = Assert.Single((await stream.NextAsync())!.PeersChangedPatch!);
        Assert.False(patch.Online);
        Assert.Equal(lost, patch.LastSeen);
        Assert.False(Device("web").Node!.Online);
    }

    [Fact]
    public async Task The_newest_stream_of_a_node_ends_the_one_before()
    {
        var web = await NewMachine().JoinAsync("web");
        var older = await web.StreamAsync();
        await older.NextAsync();

        var newer = await web.StreamAsync();

        await older.EndAsync();
        Assert.NotNull((await newer.NextAsync())!.Node);
        Assert.Equal(1, Tailnet.Coordination.ConnectedNodes);
    }

    [Fact]
    public async Task A_deleted_device_is_told_that_its_key_ended_and_its_peers_lose_it()
    {
        var web = await NewMachine().JoinAsync("web");
        var own = await web.StreamAsync();
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        var peer = Assert.Single((await stream.NextAsync())!.Peers!);

        await own.NextAsync();

        Tailnet.Devices.Remove(Device("web").NodeId);

        var last = await own.UntilAsync(message => message.Node is not null);
        Assert.True(last.Node!.IsExpiredAt(Time.GetUtcNow()));
        await own.EndAsync();
        Assert.Equal([peer.ID], (await stream.UntilAsync(message => message.PeersRemoved is not null)).PeersRemoved);
        Assert.Equal(HttpStatusCode.NotFound, await web.UpdateAsync());
    }

    [Fact]
    public async Task A_silent_stream_gets_signs_of_life()
    {
        var stream = await (await NewMachine().JoinAsync("web")).StreamAsync();
        await stream.NextAsync();

        Time.Advance(TimeSpan.FromSeconds(51));

        Assert.True((await stream.NextAsync())!.KeepAlive);
    }

    [Fact]
    public async Task What_happens_while_messages_are_held_comes_as_one()
    {
        var stream = await (await NewMachine().JoinAsync("viewer")).StreamAsync();
        await stream.NextAsync();
        Tailnet.Coordination.Faults.HoldMaps();
        var gone = await NewMachine().JoinAsync("gone");
        await gone.UpdateAsync("192.0.2.9:1");
        var web = await NewMachine().JoinAsync("web");
        await web.UpdateAsync("192.0.2.1:1");
        Tailnet.Devices.Remove(Device("gone").NodeId);

        Tailnet.Coordination.Faults.ReleaseMaps();
        var message = await stream.NextAsync();

        var peer = Assert.Single(message!.PeersChanged!);
        Assert.Equal("web", peer.ComputedName);
        Assert.Equal("192.0.2.1:1", Assert.Single(peer.Endpoints).ToString());
        Assert.Null(message.PeersRemoved);
    }

    [Fact]
    public async Task A_node_key_belongs_to_the_machine_that_registered_it()
    {
        var web = await NewMachine().JoinAsync("web");
        var thief = NewMachine();

        Assert.Equal(HttpStatusCode.NotFound, await thief.UpdateAsync(new MapRequest()));
        var answer = await thief.RegisterAsync(vary: request => request with { NodeKey = web.NodeKey.PublicKey });

        Assert.Contains("another machine", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_waits_for_approval_sees_nobody_and_nobody_sees_it()
    {
        Tailnet.Settings.DevicesApprovalOn = true;
        var viewer = NewMachine();
        await viewer.JoinAsync("viewer");
        var machine = NewMachine();
        var answer = await machine.RegisterAsync(Tailnet.Keys.Create([], preauthorized: false).Secret);
        Assert.False(answer.MachineAuthorized);
        var others = await viewer.StreamAsync();
        Assert.Null((await others.NextAsync())!.Peers);
        var own = await machine.StreamAsync();
        var first = await own.NextAsync();
        Assert.False(first!.Node!.MachineAuthorized);
        Assert.Null(first.Peers);
        Assert.Empty(first.PacketFilter!);

        Tailnet.Devices.Update(Device("web").NodeId, device => device with { Authorized = true });

        var then = await own.UntilAsync(message => message.PeersChanged is not null);
        Assert.True(then.Node!.MachineAuthorized);
        Assert.Single(then.PacketFilter!);
        Assert.Single((await others.NextAsync())!.PeersChanged!);
    }
}
