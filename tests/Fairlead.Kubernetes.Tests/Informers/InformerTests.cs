using System.Collections.Concurrent;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>What an informer shows its readers and tells its handlers.</summary>
public sealed class InformerTests : InformerTest
{
    [Fact]
    public async Task Objects_that_exist_andChanges_that_follow_are_in_the_cache_and_reported()
    {
        Server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        await watch.SendAsync("ADDED", Server.Put("b", "1"));
        await watch.SendAsync("MODIFIED", Server.Put("a", "2"));
        await watch.SendAsync("DELETED", Server.Remove("b"));
        await SeenAsync("-b");

        Assert.Equal(["+a=1 (initial)", "+b=1", "a:1→2", "-b"], Changes);
        Assert.Equal("2", informer.Get(Key("a"))!.Data!["value"]);
        Assert.Equal(1, informer.Count);
        Assert.Equal(InformerPhase.Watching, informer.Status.Phase);
    }

    [Fact]
    public async Task Indexes_follow_every_change()
    {
        Server.Put("a", "red");
        Server.Put("b", "red");
        Server.Put("c", "blue");
        var informer = Informers.For(KubernetesResources.ConfigMaps).AddIndex("colour", value => [value.Data!["value"]]);
        Informers.Start();
        var watch = await Server.NextWatchAsync();
        Assert.Equal(["a", "b"], Names("red"));

        await watch.SendAsync("MODIFIED", Server.Put("a", "blue"));
        await watch.SendAsync("DELETED", Server.Remove("b"));
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 900, "blue", ns: "early"));
        await Until.TrueAsync("the last event is there", () => informer.Get(new ObjectKey("early", "a")) is not null);

        Assert.Empty(Names("red"));
        Assert.Equal(["a", "a", "c"], Names("blue"));
        Assert.Equal("early", informer.ByIndex("colour", "blue")[0].Metadata.Namespace);
        informer.AddIndex("name", value => [value.Metadata.Name!]);
        Assert.Equal(2, informer.ByIndex("name", "a").Count);
        Assert.Contains("no index \"size\"", Assert.Throws<ArgumentException>(() => informer.ByIndex("size", "x")).Message, StringComparison.Ordinal);

        IEnumerable<string> Names(string colour) => informer.ByIndex("colour", colour).Select(value => value.Metadata.Name!);
    }

    [Fact]
    public async Task What_a_projection_drops_is_not_kept_in_memory()
    {
        Server.Put("a", "large");
        var shaped = Informers.For(KubernetesResources.ConfigMaps, project: value => value with { Data = null });
        var ordinary = Informers.For(KubernetesResources.ConfigMaps, InformerScope.In("web"));
        Informers.Start();
        await Informers.WaitForSyncAsync(Cancelled);

        Assert.Null(shaped.Get(Key("a"))!.Data);
        Assert.Null(ordinary.Get(Key("a"))!.Metadata.ManagedFields);
        Assert.Equal("large", ordinary.Get(Key("a"))!.Data!["value"]);
    }

    [Fact]
    public async Task Callers_share_one_informer_per_type_and_scope()
    {
        var first = Informers.For(KubernetesResources.ConfigMaps);
        var same = Informers.For(KubernetesResources.ConfigMaps, new InformerScope());
        var scoped = Informers.For(KubernetesResources.ConfigMaps, InformerScope.In("web"));
        Informers.Start();
        await Informers.WaitForSyncAsync(Cancelled);

        Assert.Same(first, same);
        Assert.NotSame(first, scoped);
        Assert.Equal(2, Server.Lists);
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_stop_the_informer_nor_other_handlers()
    {
        Server.Put("a", "1");
        var informer = Informers.For(KubernetesResources.ConfigMaps);
        informer.AddHandler(_ => throw new InvalidOperationException("faulty"));
        informer.AddHandler(change => Changes.Enqueue(change.Object.Metadata.Name!));
        Informers.Start();
        var watch = await Server.NextWatchAsync();
        await watch.SendAsync("ADDED", Server.Put("b", "1"));

        await SeenAsync("b");
        Assert.Equal(["a", "b"], Changes);
    }

    [Fact]
    public async Task A_handler_added_later_hears_of_the_objects_that_are_there_and_of_none_after_it_is_disposed()
    {
        Server.Put("a", "1");
        var (informer, watch) = await StartAsync();
        var late = new ConcurrentQueue<string>();

        var registration = informer.AddHandler(change => late.Enqueue(change.Object.Metadata.Name!));
        Assert.Equal(["a"], late);
        registration.Dispose();
        await watch.SendAsync("ADDED", Server.Put("b", "1"));
        await SeenAsync("+b=1");

        Assert.Equal(["a"], late);
    }
}
