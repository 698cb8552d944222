using System.Text;
using Fairlead.Tailnet.Control.Maps;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Tests.Control;

public sealed class NodePoolTests
{
    private readonly string _key = NodePrivateKey.Generate().PublicKey.ToString();

    private string First => """{"Node":{"ID":1},"Peers":[{"ID":2,"Key":"KEY","Name":"b.","Endpoints":["192.0.2.1:1"],"Addresses":["100.64.0.2/32"],"CapMap":{"x":[{"a":1}]},"Capabilities":["y"],"Tags":["tag:a"],"KeySignature":"AQ==","Hostinfo":{"OS":"linux","Services":[{"Proto":"tcp","Port":1}],"NetInfo":{"DERPLatency":{"1-v4":0.5}}}}]}""".Replace("KEY", _key, StringComparison.Ordinal);

    [Fact]
    public void Followers_of_one_tailnet_share_what_they_know_of_a_peer_at_whatever_message_they_are()
    {
        var a = Apply(null, First);
        var ahead = Apply(Apply(a, """{"OnlineChange":{"2":true}}"""), """{"PeersChangedPatch":[{"NodeID":2,"Endpoints":["192.0.2.9:9"]}]}""");
        var b = Apply(null, First);
        var caughtUp = Apply(Apply(b, """{"OnlineChange":{"2":true}}"""), """{"PeersChangedPatch":[{"NodeID":2,"Endpoints":["192.0.2.9:9"]}]}""");

        Assert.Same(a.Peers[0], b.Peers[0]);
        Assert.Same(ahead.Peers[0], caughtUp.Peers[0]);
        Assert.NotSame(a.Peers[0], ahead.Peers[0]);
    }

    [Theory]
    [InlineData("\"b.\"", "\"c.\"")]
    [InlineData("192.0.2.1:1", "192.0.2.1:2")]
    [InlineData("100.64.0.2/32", "100.64.0.3/32")]
    [InlineData("{\"a\":1}", "{\"a\":2}")]
    [InlineData("[\"y\"]", "[\"z\"]")]
    [InlineData("tag:a", "tag:b")]
    [InlineData("AQ==", "Ag==")]
    [InlineData("\"linux\"", "\"windows\"")]
    [InlineData("\"Port\":1", "\"Port\":2")]
    [InlineData("0.5", "0.6")]
    [InlineData("\"ID\":2", "\"ID\":2,\"ExitNodeDNSResolvers\":[{\"Addr\":\"1.1.1.1\"}]")]
    [InlineData("\"ID\":2", "\"ID\":2,\"PrimaryRoutes\":[\"10.0.0.0/8\"]")]
    [InlineData("\"ID\":2", "\"ID\":2,\"AllowedIPs\":[]")]
    [InlineData("\"ID\":2", "\"ID\":2,\"Expired\":true")]
    public void What_differs_anywhere_is_not_shared(string from, string to)
    {
        var a = Apply(null, First).Peers[0];
        var b = Apply(null, First.Replace(from, to, StringComparison.Ordinal)).Peers[0];

        Assert.NotSame(a, b);
        Assert.False(NodeEquality.Same(a, b));
    }

    [Fact]
    public void What_nobody_uses_is_not_held()
    {
        var peer = Unused();

        GC.Collect();

        Assert.False(peer.TryGetTarget(out _));
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private WeakReference<Node> Unused() => new(Apply(null, First).Peers[0]);

    private static NetworkMap Apply(NetworkMap? map, string json) =>
        NetworkMapReducer.Apply(map, ControlJson.Deserialize<MapResponse>(Encoding.UTF8.GetBytes(json)), DateTimeOffset.UnixEpoch);
}
