using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class PagedListTests
{
    private const string Gadgets = TestCluster.Gadgets;

    [Fact]
    public async Task Pages_show_one_consistent_snapshot_and_count_what_remains()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var name in (string[])["a", "b", "c", "d", "e"])
            await cluster.PostAsync(Gadgets, TestCluster.NewGadget(name));
        var first = await cluster.GetAsync(Gadgets + "?limit=2");
        Assert.Equal(["a", "b"], Names(first));
        Assert.Equal(3, (int)first["metadata"]!["remainingItemCount"]!);
        await cluster.DeleteAsync(Gadgets + "/d");
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("cc"));

        var second = await cluster.GetAsync($"{Gadgets}?limit=2&continue={Continue(first)}");
        Assert.Equal(["c", "d"], Names(second));
        Assert.Equal((string?)first["metadata"]!["resourceVersion"], (string?)second["metadata"]!["resourceVersion"]);
        var last = await cluster.GetAsync($"{Gadgets}?limit=2&continue={Continue(second)}");
        Assert.Equal(["e"], Names(last));
        Assert.Null(last["metadata"]!["continue"]);
    }

    [Fact]
    public async Task A_continue_token_from_compacted_history_is_refused_with_a_token_to_go_on_inconsistently()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var name in (string[])["a", "b", "c"])
            await cluster.PostAsync(Gadgets, TestCluster.NewGadget(name));
        var first = await cluster.GetAsync(Gadgets + "?limit=1");
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("bb"));
        cluster.Cluster.CompactHistory();

        var expired = await cluster.GetAsync($"{Gadgets}?limit=1&continue={Continue(first)}", 410);
        Assert.Equal("Expired", (string?)expired["reason"]);
        var rest = await cluster.GetAsync($"{Gadgets}?continue={Continue(expired)}");
        Assert.Equal(["b", "bb", "c"], Names(rest));
    }

    [Fact]
    public async Task Exact_versions_are_told_from_history_and_future_versions_time_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b"));
        var version = (string)a["metadata"]!["resourceVersion"]!;
        Assert.Equal(["a"], Names(await cluster.GetAsync($"{Gadgets}?resourceVersion={version}&resourceVersionMatch=Exact")));
        Assert.Equal(["a", "b"], Names(await cluster.GetAsync($"{Gadgets}?resourceVersion={version}&resourceVersionMatch=NotOlderThan")));
        var failure = await cluster.GetAsync(Gadgets + "?resourceVersion=999&resourceVersionMatch=NotOlderThan", 504);
        Assert.Equal("ResourceVersionTooLarge", (string?)failure["details"]!["causes"]![0]!["reason"]);
        await cluster.GetAsync(Gadgets + "?resourceVersionMatch=Exact", 422);
        cluster.Cluster.CompactHistory();
        await cluster.GetAsync($"{Gadgets}?resourceVersion={version}&resourceVersionMatch=Exact", 410);
    }

    [Theory]
    [InlineData("labelSelector=tier%3Dfront", "a")]
    [InlineData("labelSelector=tier%20in%20(front,back)", "a b")]
    [InlineData("labelSelector=tier!%3Dfront", "b c")]
    [InlineData("labelSelector=!tier", "c")]
    [InlineData("labelSelector=tier%20notin%20(back),tier", "a")]
    [InlineData("labelSelector=rank%3E1", "b")]
    [InlineData("fieldSelector=spec.colour%3Dred", "a c")]
    [InlineData("fieldSelector=metadata.name!%3Da,spec.colour%3Dred", "c")]
    public async Task Selectors_choose_objects(string query, string names)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a", "red", new JsonObject { ["tier"] = "front", ["rank"] = "1" }));
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b", "blue", new JsonObject { ["tier"] = "back", ["rank"] = "2" }));
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("c"));
        Assert.Equal(names.Split(' '), Names(await cluster.GetAsync($"{Gadgets}?{query}")));
    }

    [Theory]
    [InlineData("fieldSelector=spec.unknown%3Dx")]
    [InlineData("labelSelector=a%20in%20b")]
    [InlineData("labelSelector=a%3D%3D%3Db")]
    [InlineData("limit=many")]
    [InlineData("continue=nonsense")]
    public async Task Bad_parameters_are_refused(string query)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal("BadRequest", (string?)(await cluster.GetAsync($"{Gadgets}?{query}", 400))["reason"]);
    }

    private static string Continue(JsonObject list) => (string)list["metadata"]!["continue"]!;

    private static string[] Names(JsonObject list) => [.. list["items"]!.AsArray().Select(i => (string)i!["metadata"]!["name"]!)];
}
