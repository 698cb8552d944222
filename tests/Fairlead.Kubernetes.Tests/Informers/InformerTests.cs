using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Serialization;
using Fairlead.Kubernetes.Tests.Queueing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Informers;

public sealed class InformerTests : IAsyncLifetime
{
    private static readonly InformerOptions Fast = new() { StreamingList = false, BaseDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromMilliseconds(50) };

    private readonly ConcurrentQueue<string> _changes = new();
    private readonly RuntimeMetrics _metrics = new();
    private PrometheusExporter _exporter = null!;
    private ScriptedApiServer _server = null!;
    private InformerFactory _factory = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _exporter = new PrometheusExporter(meter => meter == _metrics.Meter);
        _server = await ScriptedApiServer.StartAsync();
        _factory = Factory(Fast);
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await _server.DisposeAsync();
        _exporter.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Objects_that_exist_and_changes_that_follow_are_in_the_cache_and_reported()
    {
        _server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        await watch.SendAsync("ADDED", _server.Put("b", "1"));
        await watch.SendAsync("MODIFIED", _server.Put("a", "2"));
        await watch.SendAsync("DELETED", _server.Remove("b"));
        await SeenAsync("-b");

        Assert.Equal(["+a=1 (initial)", "+b=1", "a:1→2", "-b"], _changes);
        Assert.Equal("2", informer.Get(Key("a"))!.Data!["value"]);
        Assert.Equal(1, informer.Count);
        Assert.Equal(InformerPhase.Watching, informer.Status.Phase);
    }

    [Fact]
    public async Task All_pages_of_a_slow_list_arrive_before_the_informer_has_synced()
    {
        for (var i = 0; i < 5; i++)
        {
            _server.Put($"object-{i}");
        }

        var page = new SemaphoreSlim(0);
        _server.BeforePage = () => page.WaitAsync(Cancelled);
        await using var factory = Factory(Fast with { PageSize = 2 });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();

        page.Release(2);
        await Until.TrueAsync("third page asked for", () => _server.Requests.Count == 3);
        Assert.False(informer.HasSynced);
        page.Release();

        await informer.WaitForSyncAsync(Cancelled);
        Assert.Equal(5, informer.List().Count);
        Assert.Equal(1, _server.Lists);
    }

    [Fact]
    public async Task A_cut_watch_resumes_where_it_was_without_listing_again()
    {
        var (_, watch) = await StartAsync();
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 500, "1"));
        await SeenAsync("+a=1");
        watch.Cut();

        var next = await _server.NextWatchAsync();
        Assert.Equal("500", next.Query("resourceVersion"));
        await next.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 501, "2"));
        await SeenAsync("a:1→2");
        Assert.Equal(1, _server.Lists);
    }

    [Fact]
    public async Task A_watch_that_the_server_ends_resumes_from_the_last_bookmark()
    {
        var (_, watch) = await StartAsync();
        await watch.BookmarkAsync(900);
        watch.End();

        var next = await _server.NextWatchAsync();

        Assert.Equal("900", next.Query("resourceVersion"));
        Assert.Equal("true", next.Query("allowWatchBookmarks"));
        Assert.InRange(int.Parse(next.Query("timeoutSeconds")!, null), 300, 600);
    }

    [Fact]
    public async Task A_delete_missed_while_disconnected_is_reported_after_a_relist()
    {
        _server.Put("kept", "1");
        _server.Put("changed", "1");
        _server.Put("deleted", "1");
        var (informer, watch) = await StartAsync();
        watch.Cut();
        var resumed = await _server.NextWatchAsync();

        _server.Put("changed", "2");
        _server.Remove("deleted");
        _server.Put("new", "1");
        await resumed.ErrorAsync(410, "Expired");
        await _server.NextWatchAsync();

        Assert.Equal(["+new=1", "-deleted", "changed:1→2"], _changes.Skip(3).Order(StringComparer.Ordinal));
        Assert.Null(informer.Get(Key("deleted")));
        Assert.Equal(2, _server.Lists);
        Assert.Contains("informer_relists_total{reason=\"expired\",resource=\"configmaps\"} 1", _exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_refused_with_410_leads_to_a_relist()
    {
        var (_, watch) = await StartAsync();
        _server.FailNext(410, "Expired");
        _server.Put("a", "1");
        watch.End();

        var next = await _server.NextWatchAsync();

        Assert.Equal("101", next.Query("resourceVersion"));
        Assert.Equal(["+a=1"], _changes);
    }

    [Fact]
    public async Task A_silent_watch_is_opened_again_where_it_was()
    {
        await using var factory = Factory(Fast with { SilenceTimeout = TimeSpan.FromMilliseconds(100) });
        factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var first = await _server.NextWatchAsync();
        await first.BookmarkAsync(700);

        var second = await _server.NextWatchAsync();

        Assert.Equal("700", second.Query("resourceVersion"));
        Assert.Contains("informer_watch_restarts_total{reason=\"silent\"", _exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_errors_are_retried_until_the_list_succeeds()
    {
        _server.Put("a", "1");
        _server.FailNext(500, "InternalError");
        _server.FailNext(503, "ServiceUnavailable");
        _server.FailNext(504, "Timeout");

        var (informer, _) = await StartAsync();

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Equal(4, _server.Lists);
    }

    [Fact]
    public async Task A_throttling_server_gets_the_time_it_asks_for()
    {
        var time = new ManualTimeProvider();
        _server.FailNext(429, "TooManyRequests", retryAfter: 7);
        await using var factory = Factory(Fast, time);
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        await Until.TrueAsync("the informer waits", () => informer.Status.Phase == InformerPhase.Failing && time.ArmedTimers > 0);

        time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(_server.Requests);
        time.Advance(TimeSpan.FromSeconds(0.2));

        await informer.WaitForSyncAsync(Cancelled);
    }

    [Fact]
    public async Task Missing_access_is_reported_with_the_rule_to_add_and_retried()
    {
        for (var i = 0; i < 3; i++)
        {
            _server.FailNext(403, "Forbidden", message: "configmaps is forbidden: User \"x\" cannot list");
        }

        var informer = _factory.For(KubernetesResources.ConfigMaps);
        var problems = new ConcurrentQueue<string>();
        _factory.Start();
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
        Assert.Contains("informer_failures_total{reason=\"forbidden\",resource=\"configmaps\"} 3", _exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_type_that_is_not_served_yet_is_waited_for()
    {
        _server.FailNext(404, "NotFound");
        _server.FailNext(404, "NotFound");
        var (informer, _) = await StartAsync();

        Assert.True(informer.HasSynced);
        Assert.Equal(InformerPhase.Watching, informer.Status.Phase);
    }

    [Fact]
    public async Task A_streaming_list_needs_one_request_and_syncs_at_its_end()
    {
        _server.SupportsStreamingList = true;
        _server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var watch = await _server.NextWatchAsync();
        Assert.False(informer.HasSynced);

        await watch.BookmarkAsync(300, initialEventsEnd: true);
        await informer.WaitForSyncAsync(Cancelled);
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("b", 301));
        await Until.TrueAsync("b is there", () => informer.Get(Key("b")) is not null);

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_server_without_streaming_lists_is_listed_in_pages_and_not_asked_again()
    {
        _server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        await informer.WaitForSyncAsync(Cancelled);
        var watch = await _server.NextWatchAsync();
        await watch.ErrorAsync(410, "Expired");
        await _server.NextWatchAsync();

        Assert.Single(_server.Requests, request => request.Contains("sendInitialEvents", StringComparison.Ordinal));
        Assert.NotNull(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_streaming_list_that_never_completes_is_given_up_for_pages()
    {
        _server.SupportsStreamingList = true;
        _server.Put("a", "1");
        await using var factory = Factory(Fast with { StreamingList = true, StreamingListTimeout = TimeSpan.FromMilliseconds(100) });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();

        await informer.WaitForSyncAsync(Cancelled);

        Assert.NotNull(informer.Get(Key("a")));
        Assert.Equal(1, _server.Lists);
    }

    [Fact]
    public async Task A_relist_by_streaming_reports_missed_deletes_too()
    {
        _server.SupportsStreamingList = true;
        _server.Put("a", "1");
        _server.Put("b", "1");
        await using var factory = Factory(Fast with { StreamingList = true });
        var informer = factory.For(KubernetesResources.ConfigMaps);
        factory.Start();
        var watch = await _server.NextWatchAsync();
        await watch.BookmarkAsync(300, initialEventsEnd: true);
        await informer.WaitForSyncAsync(Cancelled);
        _server.Remove("b");
        await watch.ErrorAsync(410, "Expired");
        await (await _server.NextWatchAsync()).BookmarkAsync(400, initialEventsEnd: true);

        await Until.TrueAsync("b is gone", () => informer.Get(Key("b")) is null);
        Assert.NotNull(informer.Get(Key("a")));
    }

    [Fact]
    public async Task An_observed_write_is_readable_at_once_and_a_stale_event_does_not_undo_it()
    {
        _server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 220, "3")));
        Assert.Equal("3", informer.Get(Key("a"))!.Data!["value"]);
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 210, "2"));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 220, "3"));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 230, "4"));
        await SeenAsync("a:3→4");

        Assert.Equal(["+a=1 (initial)", "a:1→3", "a:3→4"], _changes);
    }

    [Fact]
    public async Task An_observed_write_older_than_what_the_watch_has_passed_changes_nothing()
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
        _server.Put("a", "1");
        var (informer, watch) = await StartAsync();

        informer.ObserveDeleted(Key("a"), "uid-a");
        Assert.Null(informer.Get(Key("a")));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 210, "late"));
        await watch.SendAsync("DELETED", ScriptedApiServer.ConfigMap("a", 220, "late"));
        await watch.SendAsync("ADDED", ScriptedApiServer.ConfigMap("a", 230, "again", uid: "another"));
        await SeenAsync("+a=again");

        Assert.Equal(["+a=1 (initial)", "-a", "+a=again"], _changes);
    }

    [Fact]
    public async Task A_late_deletion_of_a_former_object_leaves_the_observed_new_one_alone()
    {
        _server.Put("a", "1");
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
        _server.BeforePage = () => listing.Task;
        await watch.ErrorAsync(410, "Expired");
        await Until.TrueAsync("the relist is asked for", () => _server.Lists == 2);

        informer.Observe(Typed(ScriptedApiServer.ConfigMap("a", 800, "1")));
        listing.SetResult();
        var second = await _server.NextWatchAsync();
        Assert.NotNull(informer.Get(Key("a")));

        // The server was restored from a backup: its versions start before ours, and it has never heard of the object.
        await second.ErrorAsync(410, "Expired");
        await _server.NextWatchAsync();
        Assert.Null(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_write_observed_while_a_list_is_under_way_is_gone_when_the_list_is_newer_and_lacks_it()
    {
        var (informer, watch) = await StartAsync();
        var listing = new TaskCompletionSource();
        _server.BeforePage = () => listing.Task;
        await watch.ErrorAsync(410, "Expired");
        await Until.TrueAsync("the relist is asked for", () => _server.Lists == 2);

        // Written by us, deleted by somebody else before the list is taken: no watch will ever speak of it again.
        informer.Observe(Typed(_server.Put("a", "1")));
        _server.Remove("a");
        listing.SetResult();
        await _server.NextWatchAsync();

        Assert.Null(informer.Get(Key("a")));
    }

    [Fact]
    public async Task A_write_outside_the_scope_stays_out_of_the_cache()
    {
        var informer = _factory.For(KubernetesResources.ConfigMaps, new InformerScope("web", "app in (x, y),!legacy,tier!=db"));
        _factory.Start();
        await informer.WaitForSyncAsync(Cancelled);

        informer.Observe(Typed(Labelled("elsewhere", 901, ("app", "x")), ns: "other"));
        informer.Observe(Typed(Labelled("unlabelled", 902)));
        informer.Observe(Typed(Labelled("legacy", 903, ("app", "x"), ("legacy", "1"))));
        informer.Observe(Typed(Labelled("db", 904, ("app", "x"), ("tier", "db"))));
        informer.Observe(Typed(Labelled("matching", 905, ("app", "y"))));

        Assert.Equal("matching", Assert.Single(informer.List()).Metadata.Name);
    }

    [Fact]
    public async Task Indexes_follow_every_change()
    {
        _server.Put("a", "red");
        _server.Put("b", "red");
        _server.Put("c", "blue");
        var informer = _factory.For(KubernetesResources.ConfigMaps).AddIndex("colour", value => [value.Data!["value"]]);
        _factory.Start();
        var watch = await _server.NextWatchAsync();
        Assert.Equal(["a", "b"], Names("red"));

        await watch.SendAsync("MODIFIED", _server.Put("a", "blue"));
        await watch.SendAsync("DELETED", _server.Remove("b"));
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
        _server.Put("a", "large");
        var shaped = _factory.For(KubernetesResources.ConfigMaps, project: value => value with { Data = null });
        var ordinary = _factory.For(KubernetesResources.ConfigMaps, InformerScope.In("web"));
        _factory.Start();
        await _factory.WaitForSyncAsync(Cancelled);

        Assert.Null(shaped.Get(Key("a"))!.Data);
        Assert.Null(ordinary.Get(Key("a"))!.Metadata.ManagedFields);
        Assert.Equal("large", ordinary.Get(Key("a"))!.Data!["value"]);
    }

    [Fact]
    public async Task Callers_share_one_informer_per_type_and_scope()
    {
        var first = _factory.For(KubernetesResources.ConfigMaps);
        var same = _factory.For(KubernetesResources.ConfigMaps, new InformerScope());
        var scoped = _factory.For(KubernetesResources.ConfigMaps, InformerScope.In("web"));
        _factory.Start();
        await _factory.WaitForSyncAsync(Cancelled);

        Assert.Same(first, same);
        Assert.NotSame(first, scoped);
        Assert.Equal(2, _server.Lists);
    }

    [Fact]
    public async Task A_handler_that_throws_does_not_stop_the_informer_nor_other_handlers()
    {
        _server.Put("a", "1");
        var informer = _factory.For(KubernetesResources.ConfigMaps);
        informer.AddHandler(_ => throw new InvalidOperationException("faulty"));
        informer.AddHandler(change => _changes.Enqueue(change.Object.Metadata.Name!));
        _factory.Start();
        var watch = await _server.NextWatchAsync();
        await watch.SendAsync("ADDED", _server.Put("b", "1"));

        await SeenAsync("b");
        Assert.Equal(["a", "b"], _changes);
    }

    [Fact]
    public async Task A_handler_added_later_hears_of_the_objects_that_are_there_and_of_none_after_it_is_disposed()
    {
        _server.Put("a", "1");
        var (informer, watch) = await StartAsync();
        var late = new ConcurrentQueue<string>();

        var registration = informer.AddHandler(change => late.Enqueue(change.Object.Metadata.Name!));
        Assert.Equal(["a"], late);
        registration.Dispose();
        await watch.SendAsync("ADDED", _server.Put("b", "1"));
        await SeenAsync("+b=1");

        Assert.Equal(["a"], late);
    }

    private static ObjectKey Key(string name) => new("web", name);

    private static ConfigMap Typed(JsonObject value, string? ns = null)
    {
        if (ns is not null)
        {
            value["metadata"]!["namespace"] = ns;
        }

        return JsonSerializer.Deserialize(value.ToJsonString(), KubernetesJsonContext.Default.ConfigMap)!;
    }

    private static JsonObject Labelled(string name, long version, params (string Key, string Value)[] labels)
    {
        var value = ScriptedApiServer.ConfigMap(name, version);
        value["metadata"]!["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        return value;
    }

    private InformerFactory Factory(InformerOptions options, TimeProvider? time = null) =>
        new(_server.Client, NullLoggerFactory.Instance, options, _metrics, time, new FixedRandom());

    private async Task<(SharedInformer<ConfigMap> Informer, WatchConnection Watch)> StartAsync()
    {
        var informer = _factory.For(KubernetesResources.ConfigMaps);
        informer.AddHandler(change => _changes.Enqueue(change switch
        {
            { Old: null, New: { } added } => $"+{added.Metadata.Name}={added.Data!["value"]}{(change.IsInitialList ? " (initial)" : "")}",
            { Old: { } deleted, New: null } => $"-{deleted.Metadata.Name}",
            _ => $"{change.New!.Metadata.Name}:{change.Old!.Data!["value"]}→{change.New.Data!["value"]}",
        }));
        _factory.Start();
        await informer.WaitForSyncAsync(Cancelled);
        return (informer, await _server.NextWatchAsync());
    }

    private Task SeenAsync(string change) => Until.TrueAsync($"change {change}", () => _changes.Contains(change));
}
