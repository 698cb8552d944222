using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class PolicyTests : NodeTest
{
    private const string Policy = """
        {
          "tagOwners": {"tag:web": [], "tag:ci": [], "tag:other": []},
          "grants": [
            {"src": ["tag:ci"], "dst": ["tag:web"], "ip": ["tcp:80", "icmp:*"]},
            {"src": ["tag:ci"], "dst": ["tag:web"], "app": {"example.com/cap/deploy": [{"stage": "test"}, {"stage": "live"}]}},
          ],
        }
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with { Policy = Policy };

    [Fact]
    public async Task Only_what_the_policy_grants_comes_in()
    {
        var (web, ci) = (await JoinAsync("web", "tag:web"), await JoinAsync("ci", "tag:ci"));
        using var open = web.ListenTcp(80);
        using var closed = web.ListenTcp(81);

        await using var allowed = await ci.DialAsync("web", 80, Stop);
        await ci.PingAsync("web", PingKind.Icmp, Limit, Stop);

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var denied = ci.DialAsync("web", 81, patience.Token);
        await Wait.UntilAsync("the packet was dropped", () => web.DroppedPackets["acl"] > 0);
        Assert.False(denied.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => denied);
    }

    [Fact]
    public async Task A_grant_withdrawn_ends_what_it_allowed()
    {
        var (web, ci) = (await JoinAsync("web", "tag:web"), await JoinAsync("ci", "tag:ci"));
        using var listener = web.ListenTcp(80);
        await using var client = await ci.DialAsync("web", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        Tailnet.Policy.Text = """{"tagOwners": {"tag:web": [], "tag:ci": [], "tag:other": []}, "grants": [{"src": ["tag:ci"], "dst": ["tag:web"], "ip": ["icmp:*"]}]}""";

        var ended = await Assert.ThrowsAsync<IOException>(async () => await server.ReadExactlyAsync(new byte[1], Stop));
        Assert.Equal(SocketError.AccessDenied, Assert.IsType<SocketException>(ended.InnerException).SocketErrorCode);
        ended = await Assert.ThrowsAsync<IOException>(async () => await client.ReadExactlyAsync(new byte[1], Stop));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(ended.InnerException).SocketErrorCode);
    }

    [Fact]
    public async Task A_connection_begun_here_goes_on_though_the_other_side_may_begin_none()
    {
        var (web, ci) = (await JoinAsync("web", "tag:web"), await JoinAsync("ci", "tag:ci"));
        using var listener = web.ListenTcp(80);
        await using var client = await ci.DialAsync("web", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        await JoinAsync("another", "tag:other");
        Tailnet.Policy.Text = Policy.Replace("icmp:*", "icmp:*\", \"tcp:9", StringComparison.Ordinal);
        await Wait.UntilAsync("the rules are known", () => web.NetworkMap!.PacketFilter.Any(rule => rule.DstPorts.Any(to => to.Ports.First == 9)));

        await server.WriteAsync("x"u8.ToArray(), Stop);
        Assert.Equal(1, await client.ReadAsync(new byte[9], Stop));
        await client.WriteAsync("x"u8.ToArray(), Stop);
        Assert.Equal(1, await server.ReadAsync(new byte[9], Stop));
    }

    [Fact]
    public async Task WhoIs_tells_the_node_its_owner_and_what_it_may_do()
    {
        var (web, ci) = (await JoinAsync("web", "tag:web"), await JoinAsync("ci", "tag:ci"));
        using var listener = web.ListenTcp(80);
        await using var client = await ci.DialAsync("web", 80, Stop);
        await using var server = await listener.AcceptAsync(Stop);

        var identity = web.WhoIs(server.RemoteEndPoint, server.LocalEndPoint);

        Assert.NotNull(identity);
        Assert.Equal("ci.embedded.ts.net.", identity.Node.Name);
        Assert.Equal(["tag:ci"], identity.Node.Tags);
        Assert.Equal(["""{"stage":"test"}""", """{"stage":"live"}"""], identity.Capabilities["example.com/cap/deploy"].Select(value => value.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Null(web.WhoIs(IPAddress.Parse("100.64.99.99")));
    }

    [Fact]
    public async Task With_shields_up_nobody_comes_in_and_answers_do()
    {
        var web = await JoinAsync("web", "tag:web");
        var ci = await JoinAsync(Options("ci") with { AuthKey = NewAuthKey("tag:ci") });
        var shielded = await JoinAsync(Options("shielded") with { AuthKey = NewAuthKey("tag:web"), ShieldsUp = true });
        using var listener = shielded.ListenTcp(80);
        await Wait.UntilAsync("it is known", () => ci.NetworkMap!.FindNode("shielded") is not null);

        await Assert.ThrowsAsync<TimeoutException>(() => ci.PingAsync("shielded", PingKind.Icmp, TimeSpan.FromSeconds(1), Stop));

        Assert.True(shielded.DroppedPackets["acl"] > 0);
        await ci.PingAsync("web", PingKind.Icmp, Limit, Stop);
    }

    private Task<TailnetNode> JoinAsync(string hostname, string tag) => JoinAsync(Options(hostname) with { AuthKey = NewAuthKey(tag) });
}
