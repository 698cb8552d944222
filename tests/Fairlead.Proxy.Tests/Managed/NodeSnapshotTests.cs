using System.Net;
using Fairlead.Proxy.Managed;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Managed;

public sealed class NodeSnapshotTests
{
    [Fact]
    public void Two_peers_of_one_name_are_the_first_of_them()
    {
        var status = new TailnetNodeStatus { Peers = [Peer("Db.example.ts.net", "100.64.0.1", "fd7a::1"), Peer("db.example.ts.net", "100.64.0.2"), Peer("web.example.ts.net", "100.64.0.3"), Peer("", "100.64.0.4")] };

        var peers = NodeSnapshot.Of(status, null).Peers;

        Assert.Equal(["db.example.ts.net", "web.example.ts.net"], peers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["100.64.0.1", "fd7a::1"], peers["db.example.ts.net"].Select(address => address.ToString()));
    }

    private static TailnetPeerStatus Peer(string name, params string[] addresses) => new()
    {
        StableId = "n1",
        PublicKey = default,
        Name = name,
        HostName = name,
        Addresses = [.. addresses.Select(IPAddress.Parse)],
        AllowedIPs = [],
    };
}
