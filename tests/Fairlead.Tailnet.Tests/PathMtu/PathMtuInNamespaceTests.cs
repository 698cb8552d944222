using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.PathMtu;

/// <summary>
/// A full packet of the tunnel is 1340 bytes long on IPv4 and 1360 on IPv6: over a link of 1280 it goes in fragments, or not at all.
/// </summary>
public sealed class PathMtuInNamespaceTests(NarrowTopology topology) : IClassFixture<NarrowTopology>
{
    private const int FileSize = 4 << 20;
    private const string Relay = "derp-900";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, "AtTheHost", "None")]
    [InlineData(true, "AtTheHost", "None")]
    [InlineData(false, "BetweenRouters", "None")]
    [InlineData(true, "BetweenRouters", "None")]
    [InlineData(false, "BetweenRouters", "Silence")]
    public async Task Fragments_go_the_direct_path(bool isIPv6, string link, string fault)
    {
        await JoinAsync(isIPv6, link, fault);

        await DirectAsync(isIPv6);
        await TransferAsync();

        Assert.StartsWith(NarrowTopology.RightAddress(isIPv6), await topology.Left.AskAsync($"carrier {topology.RightNode}", Stop), StringComparison.Ordinal);
        Assert.StartsWith(NarrowTopology.LeftAddress(isIPv6), await topology.Right.AskAsync($"carrier {topology.LeftNode}", Stop), StringComparison.Ordinal);
        await topology.LeaveAsync(Stop);
    }

    /// <summary>Small packets pass, and so do small pings: a path must show that it carries full ones before it is used.</summary>
    [Theory]
    [InlineData(true, "BetweenRouters", "Silence")]
    [InlineData(false, "BetweenRouters", "NoFragments")]
    [InlineData(true, "AtTheHost", "NoFragments")]
    public async Task The_relay_carries_what_the_direct_path_swallows(bool isIPv6, string link, string fault)
    {
        await JoinAsync(isIPv6, link, fault);

        await TransferAsync();

        Assert.Equal(Relay, await topology.Left.AskAsync($"path {topology.RightNode}", Stop));
        Assert.Equal("", await topology.Left.AskAsync($"carrier {topology.RightNode}", Stop));
        Assert.Equal("", await topology.Right.AskAsync($"carrier {topology.LeftNode}", Stop));
        await topology.LeaveAsync(Stop);
    }

    [Fact]
    public async Task A_transfer_survives_that_a_link_becomes_too_narrow()
    {
        await JoinAsync(isIPv6: true, "None", "Silence");
        await DirectAsync(isIPv6: true);

        Assert.Equal("half", await topology.Left.AskAsync($"transfer {topology.RightNode} {FileSize} true", Stop));
        await topology.SetAsync(isIPv6: true, NarrowLink.BetweenRouters, RouterFault.Silence, Stop);
        AssertWhole(await topology.Left.AskAsync("go on", Stop));

        await topology.LeaveAsync(Stop);
    }

    private async Task JoinAsync(bool isIPv6, string link, string fault)
    {
        NetworkNamespace.RequireInside();
        await topology.SetAsync(isIPv6, Enum.Parse<NarrowLink>(link), Enum.Parse<RouterFault>(fault), Stop);
        await topology.JoinAsync(Stop);
    }

    private async Task DirectAsync(bool isIPv6)
    {
        await Wait.UntilAsync("the path is direct", async () => (await topology.Left.AskAsync($"path {topology.RightNode}", Stop)).StartsWith(NarrowTopology.RightAddress(isIPv6), StringComparison.Ordinal));
        await Wait.UntilAsync("the path back is direct", async () => (await topology.Right.AskAsync($"path {topology.LeftNode}", Stop)).StartsWith(NarrowTopology.LeftAddress(isIPv6), StringComparison.Ordinal));
    }

    private async Task TransferAsync() => AssertWhole(await topology.Left.AskAsync($"transfer {topology.RightNode} {FileSize} false", Stop));

    private static void AssertWhole(string answer)
    {
        var hashes = answer.Split(' ');
        Assert.Equal(hashes[0], hashes[1]);
    }
}
