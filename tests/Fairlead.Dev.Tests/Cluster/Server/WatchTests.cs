using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class WatchTests
{
    private const string Gadgets = TestCluster.Gadgets;

    [Fact]
    public async Task A_watch_tells_every_change_after_its_version_in_order()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = await VersionAsync(cluster);
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        a["spec"]!["colour"] = "blue";
        await cluster.PutAsync(Gadgets + "/a", a);
        await cluster.DeleteAsync(Gadgets + "/a");
        Assert.Equal(["ADDED a", "MODIFIED a", "DELETED a"], await cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}", 3));
    }

    [Fact]
    public async Task An_object_that_goes_at_once_is_never_seen_marked_for_deletion()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        var version = await VersionAsync(cluster);
        await cluster.DeleteAsync(Gadgets + "/a");
        await foreach (var e in cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}"))
        {
            Assert.Equal("DELETED", (string?)e["type"]);
            Assert.Null(e["object"]!["metadata"]!["deletionTimestamp"]);
            Assert.True(long.Parse((string)e["object"]!["metadata"]!["resourceVersion"]!) > long.Parse(version));
            break;
        }
    }

    [Fact]
    public async Task Objects_that_enter_or_leave_the_selection_appear_as_added_and_deleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = await VersionAsync(cluster);
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a", "red"));
        foreach (var colour in (string[])["blue", "green", "blue"])
        {
            a["spec"]!["colour"] = colour;
            a = await cluster.PutAsync(Gadgets + "/a", a);
        }

        Assert.Equal(
            ["ADDED a", "DELETED a", "ADDED a"],
            await cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}&fieldSelector=spec.colour%3Dblue", 3));
    }

    [Fact]
    public async Task An_object_that_leaves_the_selection_is_shown_as_it_was_at_the_version_of_the_change()
    {
        await using var cluster = await TestCluster.StartAsync();
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a", "blue"));
        var start = (string)a["metadata"]!["resourceVersion"]!;
        a["spec"]!["colour"] = "red";
        a = await cluster.PutAsync(Gadgets + "/a", a);
        await foreach (var e in cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={start}&fieldSelector=spec.colour%3Dblue"))
        {
            Assert.Equal("DELETED", (string?)e["type"]);
            Assert.Equal("blue", (string?)e["object"]!["spec"]!["colour"]);
            Assert.Equal((string?)a["metadata"]!["resourceVersion"], (string?)e["object"]!["metadata"]!["resourceVersion"]);
            break;
        }
    }

    [Fact]
    public async Task A_streaming_list_ends_with_a_bookmark()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        var query = "watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
        var seen = new List<JsonObject>();
        await foreach (var e in cluster.WatchAsync($"{Gadgets}?{query}"))
        {
            seen.Add(e);
            if (seen.Count == 2)
                break;
        }

        Assert.Equal("ADDED", (string?)seen[0]["type"]);
        Assert.Equal("BOOKMARK", (string?)seen[1]["type"]);
        Assert.Equal("true", (string?)seen[1]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        Assert.Equal(422, (int)(await cluster.GetAsync($"{Gadgets}?watch=1&sendInitialEvents=true", 422))["code"]!);
    }

    [Fact]
    public async Task A_watch_from_compacted_history_gets_an_error_event_that_says_gone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = await VersionAsync(cluster);
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        cluster.Cluster.CompactHistory();
        await foreach (var e in cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}"))
        {
            Assert.Equal("ERROR", (string?)e["type"]);
            Assert.Equal(410, (int)e["object"]!["code"]!);
            Assert.Equal("Expired", (string?)e["object"]!["reason"]);
        }
    }

    [Fact]
    public async Task History_is_bounded()
    {
        await using var cluster = await TestCluster.StartAsync(new EmbeddedClusterOptions { HistorySize = 2 });
        var version = await VersionAsync(cluster);
        foreach (var name in (string[])["a", "b", "c"])
            await cluster.PostAsync(Gadgets, TestCluster.NewGadget(name));
        Assert.Equal(["ERROR"], await cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={version}", 1));
    }

    [Fact]
    public async Task Bookmarks_move_an_idle_watch_on()
    {
        await using var cluster = await TestCluster.StartAsync(new EmbeddedClusterOptions { BookmarkInterval = TimeSpan.FromMilliseconds(20) });
        var version = await VersionAsync(cluster);
        await foreach (var e in cluster.WatchAsync($"{Gadgets}?watch=1&allowWatchBookmarks=true&resourceVersion={version}"))
        {
            Assert.Equal("BOOKMARK", (string?)e["type"]);
            Assert.Equal("Gadget", (string?)e["object"]!["kind"]);
            break;
        }
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up()
    {
        await using var cluster = await TestCluster.StartAsync();
        var version = await VersionAsync(cluster);
        Assert.Empty(await cluster.WatchAsync($"{Gadgets}?watch=1&timeoutSeconds=1&resourceVersion={version}", 1));
    }

    private static async Task<string> VersionAsync(TestCluster cluster) =>
        (string)(await cluster.GetAsync(Gadgets))["metadata"]!["resourceVersion"]!;
}
