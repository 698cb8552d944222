using Fairlead.Tailnet.Tests.Tun;

namespace Fairlead.Tailnet.Tests.Nat;

public sealed class NatInNamespaceTests(NatTopology topology) : IClassFixture<NatTopology>
{
    private const int FileSize = 4 << 20;
    private const string Relay = "derp-900";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Easy", "Easy")]
    [InlineData("Hard", "Open")]
    [InlineData("Open", "Hard")]
    public async Task A_direct_path_is_found_where_one_is_possible(string left, string right)
    {
        await JoinAsync(left, right);

        await DirectAsync();
        await TransferAsync();

        Assert.StartsWith(topology.Right.PublicAddress + ':', await topology.Left.Node.AskAsync($"carrier {topology.RightNode}", Stop), StringComparison.Ordinal);
        Assert.StartsWith(topology.Left.PublicAddress + ':', await topology.Right.Node.AskAsync($"carrier {topology.LeftNode}", Stop), StringComparison.Ordinal);
        await topology.LeaveAsync(Stop);
    }

    [Theory]
    [InlineData("Hard", "Easy")]
    [InlineData("Hard", "Hard")]
    [InlineData("NoUdp", "Easy")]
    public async Task The_relay_carries_what_no_direct_path_can(string left, string right)
    {
        await JoinAsync(left, right);

        await TransferAsync();

        Assert.Equal(Relay, await topology.Left.Node.AskAsync($"path {topology.RightNode}", Stop));
        Assert.Equal("", await topology.Left.Node.AskAsync($"carrier {topology.RightNode}", Stop));
        Assert.Equal("", await topology.Right.Node.AskAsync($"carrier {topology.LeftNode}", Stop));
        await topology.LeaveAsync(Stop);
    }

    [Fact]
    public async Task A_transfer_survives_that_a_router_forgets_its_mappings()
    {
        await JoinAsync("Easy", "Easy");
        await DirectAsync();
        var before = await topology.Right.Node.AskAsync($"carrier {topology.LeftNode}", Stop);

        Assert.Equal("half", await topology.Left.Node.AskAsync($"transfer {topology.RightNode} {FileSize} true", Stop));
        await topology.Left.ForgetMappingsAsync(Stop);
        AssertWhole(await topology.Left.Node.AskAsync("go on", Stop));

        await DirectAsync();
        Assert.NotEqual(before, await topology.Right.Node.AskAsync($"carrier {topology.LeftNode}", Stop));
        await topology.LeaveAsync(Stop);
    }

    private Task JoinAsync(string left, string right)
    {
        NetworkNamespace.RequireInside();
        return topology.JoinAsync(Enum.Parse<NatKind>(left), Enum.Parse<NatKind>(right), Stop);
    }

    private async Task DirectAsync()
    {
        await Wait.UntilAsync("the path is direct", async () => (await topology.Left.Node.AskAsync($"path {topology.RightNode}", Stop)).StartsWith(topology.Right.PublicAddress + ':', StringComparison.Ordinal));
        await Wait.UntilAsync("the path back is direct", async () => (await topology.Right.Node.AskAsync($"path {topology.LeftNode}", Stop)).StartsWith(topology.Left.PublicAddress + ':', StringComparison.Ordinal));
    }

    private async Task TransferAsync() => AssertWhole(await topology.Left.Node.AskAsync($"transfer {topology.RightNode} {FileSize} false", Stop));

    private static void AssertWhole(string answer)
    {
        var hashes = answer.Split(' ');
        Assert.Equal(hashes[0], hashes[1]);
    }
}
