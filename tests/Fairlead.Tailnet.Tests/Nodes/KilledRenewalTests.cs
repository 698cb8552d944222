using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Faults;
using Fairlead.Tailnet.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Tests.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes;

/// <summary>Renewals of a node's key that end between any two of their steps, as a kill ends them.</summary>
public sealed class KilledRenewalTests : NodeTest
{
    /// <summary>The node's first key, and that it is registered.</summary>
    private const int WritesOfTheStart = 2;

    private const string Registration = "^/machine/register$";

    private NodePublicKey KeyAtServer => Device("web").Node!.NodeKey;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_next_start_is_the_same_node(int writes)
    {
        var store = new FailingStateStore { Spared = WritesOfTheStart + writes, Times = int.MaxValue };
        var (killed, before) = await JoinAsync(store);
        Tailnet.Devices.Expire(killed.Status.StableId);
        await Wait.UntilAsync("the renewal came that far", async () => writes switch
        {
            0 => store.Failures > 0,
            1 => store.Failures > 0 && KeyAtServer != before,
            _ => KeyAtServer != before && !await IsPendingAsync(store),
        });
        await killed.DisposeAsync();

        // The server never hears of a key that is not stored.
        Assert.Equal(writes == 0, KeyAtServer == before);
        store.Times = 0;
        var node = await JoinAsync("web", options => options with { State = store, AuthKey = writes == 0 ? options.AuthKey : "" });

        await AssertSameAsync(killed, node, store);
    }

    [Fact]
    public async Task A_node_that_is_killed_before_it_has_the_servers_answer_is_the_same_afterwards()
    {
        var store = new MemoryNodeStateStore();
        var (killed, before) = await JoinAsync(store);
        Tailnet.Faults.Add(Fault.LosingAnswer("POST", Registration));
        Tailnet.Faults.Add(Fault.Cutting("POST", Registration) with { Times = int.MaxValue });
        Tailnet.Devices.Expire(killed.Status.StableId);
        await Wait.UntilAsync("the server took the new key", () => KeyAtServer != before);
        await killed.DisposeAsync();
        Tailnet.Faults.Clear();
        var taken = KeyAtServer;

        var node = await JoinAsync("web", options => options with { State = store, AuthKey = "" });

        Assert.Equal(taken, node.NetworkMap!.Self.Key);
        await AssertSameAsync(killed, node, store);
    }

    [Fact]
    public async Task A_node_that_is_killed_before_the_server_has_its_new_key_goes_on_with_that_renewal()
    {
        var store = new MemoryNodeStateStore();
        var (killed, before) = await JoinAsync(store);
        Tailnet.Faults.Add(Fault.Cutting("POST", Registration) with { Times = int.MaxValue });
        Tailnet.Devices.Expire(killed.Status.StableId);
        await Wait.UntilAsync("the new key is stored", () => IsPendingAsync(store));
        await killed.DisposeAsync();
        Tailnet.Faults.Clear();
        Assert.Equal(before, KeyAtServer);
        var pending = (await ConfigAsync(store))["PrivateNodeKey"]!.GetValue<string>();

        var node = await JoinAsync("web", options => options with { State = store });

        using var key = NodePrivateKey.Parse(pending);
        Assert.Equal(key.PublicKey, node.NetworkMap!.Self.Key);
        await AssertSameAsync(killed, node, store);
    }

    private static async Task<JsonNode> ConfigAsync(INodeStateStore store)
    {
        var current = Encoding.UTF8.GetString((await store.ReadAsync(NodeStateKeys.CurrentProfile, Stop))!);
        return JsonNode.Parse(await store.ReadAsync(current, Stop))!["Config"]!;
    }

    private static async Task<bool> IsPendingAsync(INodeStateStore store) => (await ConfigAsync(store))["OldPrivateNodeKey"] is not null;

    private async Task<(TailnetNode Node, NodePublicKey Key)> JoinAsync(INodeStateStore store)
    {
        var node = await JoinAsync("web", options => options with { State = store });
        await Wait.UntilAsync("the registration is noted", async () => (await ConfigAsync(store))["NodeID"] is not null);
        return (node, node.NetworkMap!.Self.Key);
    }

    private async Task AssertSameAsync(TailnetNode killed, TailnetNode node, INodeStateStore store)
    {
        Assert.Equal(killed.Status.StableId, node.Status.StableId);
        Assert.Single(Tailnet.Devices.Snapshot());
        await Wait.UntilAsync("the renewal is noted as ended", async () => !await IsPendingAsync(store));
        using var stored = NodePrivateKey.Parse((await ConfigAsync(store))["PrivateNodeKey"]!.GetValue<string>());
        Assert.Equal(node.NetworkMap!.Self.Key, stored.PublicKey);
    }
}
