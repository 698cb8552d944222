using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Tests.Nat;
using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>A host of the internet is an address of the documentation's ranges here (RFC 5737, RFC 3849), which no private network has.</summary>
public sealed class ExitNodeInNamespaceTests : NodeTest
{
    private const string Policy = """
        {
          "tagOwners": {"tag:exit": []},
          "grants": [{"src": ["*"], "dst": ["*", "0.0.0.0/0", "::/0"], "ip": ["*"]}],
          "autoApprovers": {"exitNode": ["tag:exit"]},
        }
        """;

    protected override EmbeddedTailnetOptions TailnetOptions => base.TailnetOptions with { Policy = Policy };

    [Theory]
    [InlineData("203.0.113.7", 32)]
    [InlineData("2001:db8:77::7", 128)]
    public async Task Bytes_go_there_and_back(string host, int prefixLength)
    {
        NetworkNamespace.RequireInside();
        await Script.RunAsync($"ip address add {host}/{prefixLength} dev lo", Stop);
        var address = IPAddress.Parse(host);
        using var server = new TcpListener(address, 0);
        server.Start();
        using var datagrams = new UdpClient(new IPEndPoint(address, 0));
        var exit = await JoinAsync(Options("exit") with { AuthKey = NewAuthKey("tag:exit"), AdvertiseExitNode = true });
        var stranger = await JoinAsync("stranger");
        var guest = await JoinAsync("guest", options => options with { ExitNode = "exit" });
        await Wait.UntilAsync("the exit is open", () => guest.NetworkMap!.FindNode("exit")!.EffectiveAllowedIPs.Any(prefix => prefix.Bits == 0));

        await using var client = await guest.DialAsync(host, ((IPEndPoint)server.LocalEndpoint).Port, Stop);
        using var accepted = await server.AcceptTcpClientAsync(Stop);
        var there = Transfer.File(2 << 20, 5);
        var back = Transfer.File(2 << 20, 6);
        await Task.WhenAll(
            client.WriteAsync(there, Stop).AsTask(),
            accepted.GetStream().WriteAsync(back, Stop).AsTask(),
            ExpectAsync(accepted.GetStream(), there),
            ExpectAsync(client, back));

        using var flow = guest.ListenUdp(new IPEndPoint(guest.Status.Addresses.First(own => own.AddressFamily == address.AddressFamily), 0), (IPEndPoint)datagrams.Client.LocalEndPoint!);
        flow.Send("there"u8);
        var asked = await datagrams.ReceiveAsync(Stop);
        await datagrams.SendAsync("back"u8.ToArray(), asked.RemoteEndPoint, Stop);
        var buffer = new byte[16];
        var answer = await flow.ReceiveAsync(buffer, Stop);
        Assert.Equal("back"u8, buffer.AsSpan(0, answer.Length));
        await Assert.ThrowsAsync<TailnetNodeException>(() => stranger.DialAsync(host, 80, Stop));
        Assert.Equal(0, exit.DroppedPackets["acl"]);
    }

    private static async Task ExpectAsync(Stream stream, byte[] expected)
    {
        var received = new byte[expected.Length];
        await stream.ReadExactlyAsync(received, Stop);
        Assert.Equal(expected, received);
    }
}
