using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Tests.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>First starts that end between any two of their writes, as a kill ends them, with a key that lets in but one node.</summary>
public sealed class KilledStartTests : NodeTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_next_start_is_the_same_node(int writes)
    {
        var store = new FailingStateStore { Spared = writes, Times = int.MaxValue };
        var authKey = Tailnet.Keys.Create([], reusable: false).Secret!;
        try
        {
            await using var killed = await TailnetNode.StartAsync(Options("web") with { State = store, AuthKey = authKey }, Stop);
        }
        catch (NodeStateException) when (writes == 0)
        {
            // Nobody knows a node that could not store its key.
        }

        var registered = Tailnet.Devices.Snapshot().SingleOrDefault()?.Node?.NodeKey;
        store.Times = 0;

        var node = await JoinAsync("web", options => options with { State = store, AuthKey = authKey });

        Assert.Equal("web", Assert.Single(Tailnet.Devices.Snapshot()).Hostname);
        Assert.Equal(registered ?? node.NetworkMap!.Self.Key, node.NetworkMap!.Self.Key);
    }

    [Fact]
    public async Task A_profile_that_no_state_names_does_not_keep_a_node_from_starting()
    {
        var store = new MemoryNodeStateStore();
        await store.WriteAsync(NodeStateKeys.Profile("ab12"), Encoding.UTF8.GetBytes($$$"""{"Config":{"PrivateNodeKey":"privkey:{{{new string('6', 64)}}}"}}"""), Stop);

        var node = await JoinAsync("web", options => options with { State = store });

        await node.DisposeAsync();
        Assert.NotEqual("profile-ab12"u8.ToArray(), await store.ReadAsync(NodeStateKeys.CurrentProfile, Stop));
        Assert.Equal(node.Status.StableId, await NodeIdAsync(store));
    }

    [Fact]
    public async Task A_write_that_is_under_way_when_the_node_stops_is_finished()
    {
        var store = new HeldStateStore();
        var node = await JoinAsync("web", options => options with { State = store });
        await store.Held.WaitAsync(TimeSpan.FromSeconds(10), Stop);

        var stopping = node.DisposeAsync();
        Assert.False(stopping.IsCompleted);
        store.Release();
        await stopping;

        Assert.Equal(node.Status.StableId, await NodeIdAsync(store));
    }

    [Fact]
    public async Task A_store_that_hangs_does_not_keep_a_node_from_stopping()
    {
        var store = new HeldStateStore();
        var node = await JoinAsync("web", options => options with { State = store, StopTimeout = TimeSpan.FromMilliseconds(200) });
        await store.Held.WaitAsync(TimeSpan.FromSeconds(10), Stop);

        await node.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop);

        Assert.Null(await NodeIdAsync(store));
    }

    private static async Task<string?> NodeIdAsync(INodeStateStore store)
    {
        var current = Encoding.UTF8.GetString((await store.ReadAsync(NodeStateKeys.CurrentProfile, Stop))!);
        return JsonNode.Parse(await store.ReadAsync(current, Stop))!["Config"]!["NodeID"]?.GetValue<string>();
    }
}
