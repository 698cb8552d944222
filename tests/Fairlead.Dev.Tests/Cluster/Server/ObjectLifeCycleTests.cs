using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class ObjectLifeCycleTests
{
    private const string Gadgets = TestCluster.Gadgets;
    private const string Merge = "application/merge-patch+json";

    [Fact]
    public async Task A_created_object_has_identity_and_can_be_read_listed_updated_and_deleted()
    {
        await using var cluster = await TestCluster.StartAsync();
        var created = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        Assert.NotEmpty((string)created["metadata"]!["uid"]!);
        Assert.Equal(1, (int)created["metadata"]!["generation"]!);

        created["spec"]!["colour"] = "blue";
        var updated = await cluster.PutAsync(Gadgets + "/a", created);
        Assert.Equal(2, (int)updated["metadata"]!["generation"]!);
        await cluster.PutAsync(Gadgets + "/a", created, 409);

        var list = await cluster.GetAsync(Gadgets);
        Assert.Equal("GadgetList", (string)list["kind"]!);
        Assert.Single(list["items"]!.AsArray());
        var deleted = await cluster.DeleteAsync(Gadgets + "/a");
        Assert.Equal("Success", (string)deleted["status"]!);
        var gone = await cluster.GetAsync(Gadgets + "/a", 404);
        Assert.Equal("gadgets.test.example.com \"a\" not found", (string)gone["message"]!);
    }

    [Fact]
    public async Task Metadata_and_status_leave_the_generation_alone_and_doors_do_not_cross()
    {
        await using var cluster = await TestCluster.StartAsync();
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        a["metadata"]!["labels"] = new JsonObject { ["x"] = "1" };
        a["status"] = new JsonObject { ["phase"] = "Ready" };
        a = await cluster.PutAsync(Gadgets + "/a", a);
        Assert.Equal(1, (int)a["metadata"]!["generation"]!);
        Assert.Null(a["status"]);

        a["spec"]!["colour"] = "blue";
        a["status"] = new JsonObject { ["phase"] = "Ready" };
        a = await cluster.PutAsync(Gadgets + "/a/status", a);
        Assert.Equal("red", (string?)a["spec"]!["colour"]);
        Assert.Equal("Ready", (string?)a["status"]!["phase"]);
        Assert.Equal(1, (int)a["metadata"]!["generation"]!);
    }

    [Fact]
    public async Task A_Services_status_may_bring_a_finalizer_along_and_a_custom_resources_may_not()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string Services = "/api/v1/namespaces/default/services";
        var written = new JsonObject
        {
            ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray("example.com/hold") },
            ["spec"] = new JsonObject { ["selector"] = new JsonObject { ["app"] = "other" }, ["colour"] = "blue" },
        };
        await cluster.PostAsync(Services, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "a" },
            ["spec"] = new JsonObject { ["ports"] = new JsonArray(new JsonObject { ["port"] = 80 }) },
        });
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));

        var service = await cluster.PatchAsync(Services + "/a/status", Merge, written);
        var gadget = await cluster.PatchAsync(Gadgets + "/a/status", Merge, written);

        Assert.Equal("example.com/hold", (string?)service["metadata"]!["finalizers"]![0]);
        Assert.Null(service["spec"]!["selector"]);
        Assert.Null(gadget["metadata"]!["finalizers"]);
        Assert.Equal("red", (string?)gadget["spec"]!["colour"]);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_leaves_the_version_alone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        var again = await cluster.PutAsync(Gadgets + "/a", a);
        Assert.Equal((string?)a["metadata"]!["resourceVersion"], (string?)again["metadata"]!["resourceVersion"]);
        var patched = await cluster.PatchAsync(Gadgets + "/a", Merge, new JsonObject { ["spec"] = new JsonObject { ["colour"] = "red" } });
        Assert.Equal((string?)a["metadata"]!["resourceVersion"], (string?)patched["metadata"]!["resourceVersion"]);
    }

    [Fact]
    public async Task Finalizers_hold_a_deleted_object_until_the_last_is_gone()
    {
        await using var cluster = await TestCluster.StartAsync();
        var gadget = TestCluster.NewGadget("a");
        gadget["metadata"]!["finalizers"] = new JsonArray("example.com/hold");
        await cluster.PostAsync(Gadgets, gadget);
        var held = await cluster.DeleteAsync(Gadgets + "/a");
        Assert.NotNull(held["metadata"]!["deletionTimestamp"]);
        Assert.Equal(2, (int)held["metadata"]!["generation"]!);
        await cluster.PatchAsync(Gadgets + "/a", Merge, Finalizers("example.com/hold", "example.com/new"), 422);
        await cluster.PatchAsync(Gadgets + "/a", Merge, new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = null } });
        await cluster.GetAsync(Gadgets + "/a", 404);
    }

    [Fact]
    public async Task Foreground_and_orphan_deletions_leave_their_finalizers_to_the_garbage_collector()
    {
        await using var cluster = await TestCluster.StartAsync(new() { Seed = 1 });
        var created = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        var held = await cluster.DeleteAsync(Gadgets + "/a", new JsonObject { ["propagationPolicy"] = "Foreground" });
        Assert.Contains("foregroundDeletion", held["metadata"]!["finalizers"]!.ToJsonString());
        Assert.Equal(
            ["MODIFIED a"],
            await cluster.WatchAsync($"{Gadgets}?watch=1&resourceVersion={created["metadata"]!["resourceVersion"]}", 1));
    }

    [Fact]
    public async Task Preconditions_guard_deletions()
    {
        await using var cluster = await TestCluster.StartAsync();
        var a = await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await cluster.DeleteAsync(Gadgets + "/a", new JsonObject { ["preconditions"] = new JsonObject { ["uid"] = "other" } }, 409);
        await cluster.DeleteAsync(Gadgets + "/a", new JsonObject { ["preconditions"] = new JsonObject { ["resourceVersion"] = "1" } }, 409);
        await cluster.DeleteAsync(Gadgets + "/a", new JsonObject
        {
            ["preconditions"] = new JsonObject { ["uid"] = (string?)a["metadata"]!["uid"] },
        });
    }

    [Fact]
    public async Task A_collection_is_deleted_by_selector()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a", labels: new JsonObject { ["tier"] = "x" }));
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("b"));
        await cluster.DeleteAsync(Gadgets + "?labelSelector=tier");
        var left = (await cluster.GetAsync(Gadgets))["items"]!.AsArray();
        Assert.Equal("b", (string?)Assert.Single(left)!["metadata"]!["name"]);
    }

    [Fact]
    public async Task Dry_runs_answer_like_the_real_thing_and_store_nothing()
    {
        await using var cluster = await TestCluster.StartAsync();
        var dry = await cluster.PostAsync(Gadgets + "?dryRun=All", TestCluster.NewGadget("a"));
        Assert.NotNull(dry["metadata"]!["uid"]);
        await cluster.GetAsync(Gadgets + "/a", 404);
        await cluster.PostAsync(Gadgets, TestCluster.NewGadget("a"));
        await cluster.DeleteAsync(Gadgets + "/a?dryRun=All");
        await cluster.GetAsync(Gadgets + "/a");
    }

    [Fact]
    public async Task Names_are_generated_from_their_prefix()
    {
        await using var cluster = await TestCluster.StartAsync();
        var gadget = TestCluster.NewGadget("a");
        gadget["metadata"] = new JsonObject { ["generateName"] = "a-" };
        Assert.Matches("^a-[b-df-hj-np-tv-xz2456789]{5}$", (string)(await cluster.PostAsync(Gadgets, gadget))["metadata"]!["name"]!);
    }

    [Fact]
    public async Task Server_side_apply_creates_owns_and_conflicts()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string apply = "application/apply-patch+yaml";
        var created = await cluster.PatchAsync(Gadgets + "/a?fieldManager=one", apply, TestCluster.NewGadget("a"), 201);
        Assert.Equal("one", (string?)created["metadata"]!["managedFields"]![0]!["manager"]);
        var same = await cluster.PatchAsync(Gadgets + "/a?fieldManager=one", apply, TestCluster.NewGadget("a"));
        Assert.Equal((string?)created["metadata"]!["resourceVersion"], (string?)same["metadata"]!["resourceVersion"]);
        var conflict = await cluster.PatchAsync(Gadgets + "/a?fieldManager=two", apply, TestCluster.NewGadget("a", "blue"), 409);
        Assert.Equal("FieldManagerConflict", (string?)conflict["details"]!["causes"]![0]!["reason"]);
        await cluster.PatchAsync(Gadgets + "/a?fieldManager=two&force=true", apply, TestCluster.NewGadget("a", "blue"));
        await cluster.PatchAsync(Gadgets + "/a", apply, TestCluster.NewGadget("a"), 422);
    }

    private static JsonObject Finalizers(params string[] names) =>
        new() { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. names.Select(n => JsonValue.Create(n))]) } };
}
