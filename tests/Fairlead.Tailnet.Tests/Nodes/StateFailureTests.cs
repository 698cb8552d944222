using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes.State;
using Fairlead.Tailnet.Tests.Hostile;
using Fairlead.Tailnet.Tests.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes;

public sealed class StateFailureTests : NodeTest
{
    /// <summary>The machine's key and the node's, which must be stored before the node is known to anybody.</summary>
    private const int WritesOfTheStart = 1;

    [Fact]
    public async Task A_store_that_fails_is_logged_and_tried_again_while_the_node_goes_on()
    {
        var store = new FailingStateStore { Spared = WritesOfTheStart, Times = 1 };
        using var log = new RecordedLog();
        var web = await JoinAsync("web", options => options with { State = store, LoggerFactory = log });
        await Wait.UntilAsync("the store has failed", () => store.Failures == 1);

        await JoinAsync("late");

        await Wait.UntilAsync("the late one is known", () => web.NetworkMap!.FindNode("late") is not null);
        Assert.Contains(log.Warnings, warning => warning.Contains("The API server is gone", StringComparison.Ordinal));
        await Wait.UntilAsync("the store has it now", async () => await NodeIdAsync(store) == web.Status.StableId);
        var before = web.Status.StableId;
        await web.DisposeAsync();
        Assert.Equal(before, (await JoinAsync("web", options => options with { State = store, AuthKey = "" })).Status.StableId);
    }

    private static async Task<string?> NodeIdAsync(FailingStateStore store)
    {
        var current = Encoding.UTF8.GetString((await store.ReadAsync(NodeStateKeys.CurrentProfile, Stop))!);
        return JsonNode.Parse(await store.ReadAsync(current, Stop))!["Config"]!["NodeID"]?.GetValue<string>();
    }

    [Fact]
    public async Task A_store_that_fails_at_the_start_says_which_value_it_was()
    {
        var store = new FailingStateStore { Times = 1 };

        var failure = await Assert.ThrowsAsync<NodeStateException>(() => JoinAsync("web", options => options with { State = store }));

        Assert.Contains(NodeStateKeys.MachineKey, failure.Message, StringComparison.Ordinal);
        Assert.IsType<HttpRequestException>(failure.InnerException);
    }
}
