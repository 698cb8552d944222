using System.Net;
using System.Net.Sockets;
using Fairlead.Dev.Tailnet;
using Fairlead.Tailnet.Tests.Nodes;

namespace Fairlead.Tailnet.Tests.Hostile;

/// <summary>Peers that use an exit node to get at the machine it runs on.</summary>
public sealed class ExitNodeTests : NodeTest
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
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task What_listens_on_this_machine_alone_is_out_of_reach(string address)
    {
        using var secret = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        secret.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        secret.Listen();
        var port = ((IPEndPoint)secret.LocalEndPoint!).Port;
        var exit = await JoinAsync(Options("exit") with { AuthKey = NewAuthKey("tag:exit"), AdvertiseExitNode = true });
        var guest = await JoinAsync("guest", options => options with { ExitNode = "exit" });
        await Wait.UntilAsync("the exit is open", () => guest.NetworkMap!.FindNode("exit")!.EffectiveAllowedIPs.Any(prefix => prefix.Bits == 0));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);

        var dialing = guest.DialAsync(address, port, patience.Token);

        await Wait.UntilAsync("the packet was dropped", () => exit.DroppedPackets["acl"] > 0 || dialing.IsCompleted);
        Assert.False(dialing.IsCompletedSuccessfully);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => dialing);
        Assert.False(secret.Poll(0, SelectMode.SelectRead));
    }
}
