namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class ObjectLifeCycleTests
{
    private const string Gadgets = TestCluster.Gadgets;

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
}
