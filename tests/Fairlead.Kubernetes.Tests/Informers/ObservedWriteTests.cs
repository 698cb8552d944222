using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>What becomes of the results of one's own writes in a cache that the watch keeps.</summary>
public sealed class ObservedWriteTests : InformerTest
{
    [Fact]
    public async Task An_observed_write_is_readable_at_once_and_a_stale_event_does_not_undo_it()
    {
        Server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 220, "3")));
        Assert.Equal("3", informer.Get(Key("a"))!.Data!["value"]);
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 210, "2"));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 220, "3"));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 230, "4"));
        await SeenAsync("a:3→4");

        Assert.Equal(["+a=1 (initial)", "a:1→3", "a:3→4"], Changes);
    }

    [Fact]
    public async Task An_observed_write_older_than_what_the_watch_has_passedChanges_nothing()
    {
        var (informer, watch) = await StartAsync();
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 210, "1"));
        await watch.SendAsync("DELETED", ScriptedApiServer.ConfigMap("a", 220, "1"));
        await SeenAsync("-a");

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 210, "1")));

        Assert.Null(informer.Get(Key("a")));
    }

    [Fact]
    public async Task An_observed_deletion_is_not_undone_by_events_from_before_it()
    {
        Server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        informer.ObserveDeleted(Key("a"), "uid-a");
        Assert.Null(informer.Get(Key("a")));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 210, "late"));
        await watch.SendAsync("DELETED", ScriptedApiServer.ConfigMap("a", 220, "late"));
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 230, "again", uid: "another"));
        await SeenAsync("+a=again");

        Assert.Equal(["+a=1 (initial)", "-a", "+a=again"], Changes);
    }

    [Fact]
    public async Task A_late_deletion_of_a_former_object_leaves_the_observed_new_one_alone()
    {
        Server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 250, "new", uid: "another")));
        await watch.SendAsync("DELETED", ScriptedApiServer.ConfigMap("a", 240, "1"));
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("b", 260));
        await SeenAsync("+b=");

        Assert.Equal("another", informer.Get(Key("a"))!.Metadata.Uid);
    }

    [Fact]
    public async Task A_write_observed_while_a_list_is_under_way_survives_that_list_but_not_the_next()
    {
        var (informer, watch) = await StartAsync();
        var listing = new TaskCompletionSource();
        Server.BeforePage = () => listing.Task;
        await watch.ErrorAsync(410, "Expired");
        await Until.TrueAsync("the relist is asked for", () => Server.Lists == 2);

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 800, "1")));
        listing.SetResult();
        var second = await Server.NextWatchAsync();
        Assert.NotNull(informer.Get(Key("a")));

        // The server was restored from a backup: its versions start before ours, and it has never heard of the object.
        await second.ErrorAsync(410, "Expired");
        await Server.NextWatchAsync();
        Assert.Null(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_write_observed_while_a_list_is_under_way_is_gone_when_the_list_is_newer_and_lacks_it()
    {
        var (informer, watch) = await StartAsync();
        var listing = new TaskCompletionSource();
        Server.BeforePage = () => listing.Task;
        await watch.ErrorAsync(410, "Expired");
        await Until.TrueAsync("the relist is asked for", () => Server.Lists == 2);

        // Written by us, deleted by somebody else before the list is taken: no watch will ever speak of it again.
        informer.Observe(Typed(Server.Put("a", "1")));
        Server.Remove("a");
        listing.SetResult();
        await Server.NextWatchAsync();

        Assert.Null(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_write_outside_the_scope_stays_out_of_the_cache()
    {
        var informer = Informers.For(KubernetesResources.ConfigMaps, new InformerScope("web", "app in (x, y),!legacy,tier!=db"));
        Informers.Start();
        await informer.WaitForSyncAsync(Cancelled);

        informer.Observe(Typed(Labelled("elsewhere", 901, ("app", "x")), ns: "other"));
        informer.Observe(Typed(Labelled("unlabelled", 902)));
        informer.Observe(Typed(Labelled("legacy", 903, ("app", "x"), ("legacy", "1"))));
        informer.Observe(Typed(Labelled("db", 904, ("app", "x"), ("tier", "db"))));
        informer.Observe(Typed(Labelled("matching", 905, ("app", "y"))));

        Assert.Equal("matching", Assert.Single(informer.List()).Metadata.Name);
    }
}
