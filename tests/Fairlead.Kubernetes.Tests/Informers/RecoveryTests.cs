using System.Collections.Concurrent;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Testing;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>How an informer goes on after a watch, a server or a right is lost, without missing a change.</summary>
public sealed class RecoveryTests : InformerTest
{
    [Fact]
    public async Task A_cut_watch_resumes_where_it_was_without_listing_again()
    {
        var (_, watch) = await StartAsync();
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 500, "1"));
        await SeenAsync("+a=1");
        watch.Cut();

        var next = await Server.NextWatchAsync();
        Assert.Equal("500", next.Query("resourceVersion"));
        await next.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 501, "2"));
        await SeenAsync("a:1→2");
        Assert.Equal(1, Server.Lists);
    }

    [Fact]
    public async Task A_watch_that_theServer_ends_resumes_from_the_last_bookmark()
    {
        var (_, watch) = await StartAsync();
        await watch.BookmarkAsync(900);
        watch.End();

        var next = await Server.NextWatchAsync();

        Assert.Equal("900", next.Query("resourceVersion"));
        Assert.Equal("true", next.Query("allowWatchBookmarks"));
        Assert.InRange(int.Parse(next.Query("timeoutSeconds")!, null), 300, 600);
    }

    [Fact]
    public async Task A_delete_missed_while_disconnected_is_reported_after_a_relist()
    {
        Server.Put("kept", "1");
        Server.Put("changed", "1");
        Server.Put("deleted", "1");
        var (informer, watch) = await StartAsync();
        watch.Cut();
        var resumed = await Server.NextWatchAsync();

        Server.Put("changed", "2");
        Server.Remove("deleted");
        Server.Put("new", "1");
        await resumed.ErrorAsync(410, "Expired");
        await Server.NextWatchAsync();

        Assert.Equal(["+new=1", "-deleted", "changed:1→2"], Changes.Skip(3).Order(StringComparer.Ordinal));
        Assert.Null(informer.Get(Key("deleted")));
        Assert.Equal(2, Server.Lists);
        Assert.Contains("informer_relists_total{reason=\"expired\",resource=\"configmaps\"} 1", Exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_refused_with_410_leads_to_a_relist()
    {
        var (_, watch) = await StartAsync();
        Server.FailNext(410, "Expired");
        Server.Put("a", "1");
        watch.End();

        var next = await Server.NextWatchAsync();

        Assert.Equal("101", next.Query("resourceVersion"));
        Assert.Equal(["+a=1"], Changes);
    }

    [Fact]
    public async Task A_silent_watch_is_opened_again_where_it_was()
    {
        await using var factory = Factory(Fast with { SilenceTimeout = TimeSpan.FromMilliseconds(100) });
        factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var first = await Server.NextWatchAsync();
        await first.BookmarkAsync(700);

        var second = await Server.NextWatchAsync();

        Assert.Equal("700", second.Query("resourceVersion"));
        Assert.Contains("informer_watch_restarts_total{reason=\"silent\"", Exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_errors_are_retried_until_the_list_succeeds()
    {
        Server.Put("a", "1");
        Server.FailNext(500, "InternalError");
        Server.FailNext(503, "ServiceUnavailable");
        Server.FailNext(504, "Timeout");

        var (informer, _) = await StartAsync();

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Equal(4, Server.Lists);
    }

    [Fact]
    public async Task A_throttlingServer_gets_the_time_it_asks_for()
    {
        var time = new ManualTime();
        Server.FailNext(429, "TooManyRequests", retryAfter: 7);
        await using var factory = Factory(Fast, time);
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        await Until.TrueAsync("the informer waits", () => informer.Status.Phase == InformerPhase.Failing && time.ArmedTimers > 0);

        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(Server.Requests);
        time.Advance(TimeSpan.FromSeconds(0.2));

        await informer.WaitForSyncAsync(Cancelled);
    }

    [Fact]
    public async Task Missing_access_is_reported_with_the_rule_to_add_and_retried()
    {
        for (var i = 0; i < 3; i++)
        {
            Server.FailNext(403, "Forbidden", message: "configmaps is forbidden: User \"x\" cannot list");
        }

        var informer = Informers.For(KubernetesResources.ConfigMaps);
        var problems = new ConcurrentQueue<string>();
        Informers.Start();
        await Until.TrueAsync("refusal is reported", () =>
        {
            if (informer.Status is { Phase: InformerPhase.Refused, Problem: { } problem })
            {
                problems.Enqueue(problem);
            }

            return !problems.IsEmpty || informer.HasSynced;
        });

        await informer.WaitForSyncAsync(Cancelled);
        Assert.Contains("ClusterRole with apiGroups [\"\"], resources [\"configmaps\"], verbs [\"list\",\"watch\"]", problems.First(), StringComparison.Ordinal);
        Assert.Contains("informer_failures_total{reason=\"forbidden\",resource=\"configmaps\"} 3", Exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_not_served_yet_is_waited_for()
    {
        Server.FailNext(404, "NotFound");
        Server.FailNext(404, "NotFound");
        var (informer, _) = await StartAsync();

        Assert.True(informer.HasSynced);
        Assert.Equal(InformerPhase.Watching, informer.Status.Phase);
    }
}
