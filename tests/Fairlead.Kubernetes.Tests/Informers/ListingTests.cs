using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>How an informer gets its first, or a whole new, list: in pages, or as a stream.</summary>
public sealed class ListingTests : InformerTest
{
    [Fact]
    public async Task All_pages_of_a_slow_list_arrive_before_the_informer_has_synced()
    {
        for (var i = 0; i < 5; i++)
        {
            Server.Put($"object-{i}");
        }

        var page = new SemaphoreSlim(0);
        Server.BeforePage = () => page.WaitAsync(Cancelled);
        await using var factory = Factory(Fast with { PageSize = 2 });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();

        page.Release(2);
        await Until.TrueAsync("third page asked for", () => Server.Requests.Count == 3);
        Assert.False(informer.HasSynced);
        page.Release();

        await informer.WaitForSyncAsync(Cancelled);
        Assert.Equal(5, informer.List().Count);
        Assert.Equal(1, Server.Lists);
    }

    [Fact]
    public async Task A_streaming_list_needs_one_request_and_syncs_at_its_end()
    {
        Server.SupportsStreamingList = true;
        Server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var watch = await Server.NextWatchAsync();
        Assert.False(informer.HasSynced);

        await watch.BookmarkAsync(300, initialEventsEnd: true);
        await informer.WaitForSyncAsync(Cancelled);
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("b", 301));
        await Until.TrueAsync("b is there", () => informer.Get(Key("b")) is not null);

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Single(Server.Requests);
    }

    [Fact]
    public async Task AServer_without_streaming_lists_is_listed_in_pages_and_not_asked_again()
    {
        Server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        await informer.WaitForSyncAsync(Cancelled);
        var watch = await Server.NextWatchAsync();
        await watch.ErrorAsync(410, "Expired");
        await Server.NextWatchAsync();

        Assert.Single(Server.Requests, request => request.Contains("sendInitialEvents", StringComparison.Ordinal));
        Assert.NotNull(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_streaming_list_that_never_completes_is_given_up_for_pages()
    {
        Server.SupportsStreamingList = true;
        Server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true, StreamingListTimeout = TimeSpan.FromMilliseconds(100) });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();

        await informer.WaitForSyncAsync(Cancelled);

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Equal(1, Server.Lists);
    }

    [Fact]
    public async Task A_relist_by_streaming_reports_missed_deletes_too()
    {
        Server.SupportsStreamingList = true;
        Server.Put("a", "1");
        Server.Put("b", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var watch = await Server.NextWatchAsync();
        await watch.BookmarkAsync(300, initialEventsEnd: true);
        await informer.WaitForSyncAsync(Cancelled);
        Server.Remove("b");
        await watch.ErrorAsync(410, "Expired");
        await (await Server.NextWatchAsync()).BookmarkAsync(400, initialEventsEnd: true);

        await Until.TrueAsync("b is gone", () => informer.Get(Key("b")) is null);
        Assert.NotNull(informer.Get(Key("a")));
    }
}
