using System.Collections.Concurrent;
using System.Net;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Informers;
using Fairlead.Kubernetes.Tests.Queueing;
using Fairlead.Testing;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Tests.Controllers;

public sealed class ControllerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<ObjectKey> _reconciled = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _term = new();
    private readonly RecordingLogger _log = new();
    private readonly RuntimeMetrics _metrics = new();
    private readonly List<Task> _running = [];
    private PrometheusExporter _exporter = null!;
    private RuntimeCluster _cluster = null!;
    private InformerFactory _factory = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private SharedInformer<ConfigMap> ConfigMaps => _factory.For(KubernetesResources.ConfigMaps, _cluster.Scope);

    public async ValueTask InitializeAsync()
    {
        _exporter = new PrometheusExporter(meter => meter == _metrics.Meter);
        _cluster = await RuntimeCluster.StartAsync();
        _factory = new InformerFactory(_cluster.Client, _log, metrics: _metrics);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _factory.DisposeAsync();
        await _cluster.DisposeAsync();
        _exporter.Dispose();
        _metrics.Dispose();
        _stop.Dispose();
        _term.Dispose();
    }

    [Fact]
    public async Task Every_change_of_an_object_reconciles_its_key()
    {
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Reconcile(RecordAsync));
        await CreateAsync(_cluster.ConfigMap("a"));
        await ReconciledAsync("a", 1);

        await _cluster.ConfigMaps.PatchAsync(Key("a"), Patch.Merge("""{"data":{"x":"y"}}"""u8.ToArray()), cancellationToken: Cancelled);
        await ReconciledAsync("a", 2);
        await _cluster.ConfigMaps.DeleteAsync(Key("a"), cancellationToken: Cancelled);
        await ReconciledAsync("a", 3);
    }

    [Fact]
    public async Task A_failing_reconcile_is_logged_with_its_key_and_tried_again_while_others_go_on()
    {
        var failures = 0;
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Options(new() { Workers = 1 }).Reconcile((key, cancelled) =>
            key.Name == "bad" && ++failures <= 3 ? throw new InvalidOperationException("broken") : RecordAsync(key, cancelled)));

        await CreateAsync(_cluster.ConfigMap("bad"));
        await CreateAsync(_cluster.ConfigMap("good"));
        await ReconciledAsync("good", 1);
        await ReconciledAsync("bad", 1);

        Assert.Equal(4, failures);
        Assert.Equal(3, _log.Entries.Count(entry => entry.Level == LogLevel.Error && entry.Message.Contains($"{Key("bad")} failed; again in", StringComparison.Ordinal)));
        Assert.Contains("controller_runtime_reconcile_total{controller=\"test\",result=\"error\"} 3\n", _exporter.Collect(), StringComparison.Ordinal);
        await Until.TrueAsync(
            "the time of every reconcile is measured",
            () => _exporter.Collect().Contains("controller_runtime_reconcile_time_seconds_count{controller=\"test\"} 5\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_credentials_are_no_mistake_of_the_program()
    {
        var tries = 0;
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Reconcile((key, cancelled) =>
            ++tries == 1 ? throw new CredentialException("The token file x is empty.") : RecordAsync(key, cancelled)));

        await CreateAsync(_cluster.ConfigMap("a"));
        await ReconciledAsync("a", 1);

        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.EndsWith("The token file x is empty.", StringComparison.Ordinal));
        Assert.DoesNotContain("controller_runtime_reconcile_panics_total", _exporter.Collect(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_throttled_reconcile_waits_as_long_as_the_server_asked()
    {
        var tries = 0;
        var time = new ManualTime();
        Run(
            new ControllerBuilder("test").Watch(ConfigMaps).Reconcile((key, cancelled) => Interlocked.Increment(ref tries) == 1
                ? throw new KubernetesApiException(HttpStatusCode.TooManyRequests, new Status { Message = "slow down" }, TimeSpan.FromSeconds(30), "GET", "x")
                : RecordAsync(key, cancelled)),
            time);
        await CreateAsync(_cluster.ConfigMap("a"));
        await Until.TrueAsync("the failure is counted", () => _log.Entries.Any(entry => entry.Message.Contains($"{Key("a")} failed", StringComparison.Ordinal)));

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(_reconciled);
        time.Advance(TimeSpan.FromSeconds(1));

        await ReconciledAsync("a", 1);
    }

    [Fact]
    public async Task A_key_can_ask_to_be_looked_at_again_later()
    {
        var time = new ManualTime();
        Run(
            new ControllerBuilder("test").Watch(ConfigMaps).Reconcile(async (key, cancelled) =>
            {
                await RecordAsync(key, cancelled);
                return ReconcileResult.RequeueAfter(TimeSpan.FromHours(10));
            }),
            time);
        await CreateAsync(_cluster.ConfigMap("a"));
        await ReconciledAsync("a", 1);
        await Until.TrueAsync("the key waits", () => _exporter.Collect().Contains("result=\"requeue_after\"} 1", StringComparison.Ordinal));

        time.Advance(TimeSpan.FromHours(10));

        await ReconciledAsync("a", 2);
    }

    [Fact]
    public async Task A_reconcile_that_exceeds_its_time_is_cancelled_and_tried_again()
    {
        var tries = 0;
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Options(new() { ReconcileTimeout = TimeSpan.FromMilliseconds(100) }).Reconcile(async (key, cancelled) =>
        {
            if (Interlocked.Increment(ref tries) == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
            }

            return await RecordAsync(key, cancelled);
        }));

        await CreateAsync(_cluster.ConfigMap("a"));
        await ReconciledAsync("a", 1);

        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains($"{Key("a")} took longer than 00:00:00.1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_child_reconciles_the_owner_its_controller_reference_names()
    {
        Run(new ControllerBuilder("test").WatchOwned(ConfigMaps, KubernetesResources.ConfigMaps).Reconcile(RecordAsync));
        var child = _cluster.ConfigMap("child");
        OwnerReference[] owners =
        [
            Reference(await CreateAsync(_cluster.ConfigMap("onlooker")), controller: false),
            Reference(await CreateAsync(_cluster.ConfigMap("owner")), controller: true),
        ];
        await CreateAsync(child with { Metadata = child.Metadata with { OwnerReferences = owners } });
        await CreateAsync(_cluster.ConfigMap("orphan"));

        await ReconciledAsync("owner", 1);
        Assert.Single(_reconciled);
    }

    [Fact]
    public async Task A_child_whose_labels_move_to_another_parent_reconciles_both()
    {
        Run(new ControllerBuilder("test").WatchLabelled(ConfigMaps, "parent", "parent-ns").Reconcile(RecordAsync));
        await CreateAsync(_cluster.ConfigMap("child", ("parent", "one"), ("parent-ns", _cluster.Web)));
        await ReconciledAsync("one", 1);

        await _cluster.ConfigMaps.PatchAsync(Key("child"), Patch.Merge("""{"metadata":{"labels":{"parent":"two"}}}"""u8.ToArray()), cancellationToken: Cancelled);

        await ReconciledAsync("two", 1);
        await ReconciledAsync("one", 2);
    }

    [Fact]
    public async Task A_change_that_does_not_matter_makes_nothing_due()
    {
        Run(new ControllerBuilder("test")
            .WatchMapped(
                ConfigMaps,
                static map => [new ObjectKey("", map.Metadata.Name!)],
                matters: static (before, after) => before.Metadata.Labels?.GetValueOrDefault("step") != after.Metadata.Labels?.GetValueOrDefault("step"))
            .Reconcile(RecordAsync));
        await CreateAsync(_cluster.ConfigMap("quiet"));
        await Until.TrueAsync("the new object is reconciled", () => _reconciled.Count == 1);

        await _cluster.ConfigMaps.PatchAsync(Key("quiet"), Patch.Merge("""{"metadata":{"labels":{"other":"x"}}}"""u8.ToArray()), cancellationToken: Cancelled);
        await _cluster.ConfigMaps.PatchAsync(Key("quiet"), Patch.Merge("""{"metadata":{"labels":{"step":"2"}}}"""u8.ToArray()), cancellationToken: Cancelled);
        await Until.TrueAsync("the change that matters is reconciled", () => _reconciled.Count >= 2);

        Assert.Equal(2, _reconciled.Count);
    }

    [Fact]
    public async Task A_new_object_overtakes_those_of_the_initial_list()
    {
        for (var i = 0; i < 20; i++)
        {
            await CreateAsync(_cluster.ConfigMap($"old-{i}"));
        }

        var controller = Build(new ControllerBuilder("test").Watch(ConfigMaps).Options(new() { Workers = 1 }).Reconcile(RecordAsync));
        controller.Start();
        _factory.Start();
        await Until.TrueAsync("the queue is warm", () => controller.QueueDepth == 20);
        await CreateAsync(_cluster.ConfigMap("new"));
        await Until.TrueAsync("the new one is queued", () => controller.QueueDepth == 21);
        Assert.Empty(_reconciled);

        _running.Add(controller.RunAsync(_stop.Token, _term.Token));
        await Until.TrueAsync("all are reconciled", () => _reconciled.Count == 21);

        Assert.Equal(Key("new"), _reconciled.First());
    }

    [Fact]
    public async Task A_graceful_stop_finishes_what_is_under_way_and_starts_nothing_new()
    {
        var started = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Options(new() { Workers = 1 }).Reconcile(async (key, cancelled) =>
        {
            started.TrySetResult();
            await finish.Task.WaitAsync(cancelled);
            return await RecordAsync(key, cancelled);
        }));
        await CreateAsync(_cluster.ConfigMap("a"));
        await CreateAsync(_cluster.ConfigMap("b"));
        await started.Task;

        await _stop.CancelAsync();
        Assert.False(_running[0].IsCompleted);
        finish.SetResult();

        await _running[0].WaitAsync(Cancelled);
        Assert.Single(_reconciled);
    }

    [Fact]
    public async Task A_stop_cancels_a_reconcile_that_does_not_finish_in_time()
    {
        var started = new TaskCompletionSource();
        var options = ControllerOptions.Default with { StopTimeout = TimeSpan.FromMilliseconds(100) };
        Run(new ControllerBuilder("test").Watch(ConfigMaps).Options(options).Reconcile(async (_, cancelled) =>
        {
            started.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
            return ReconcileResult.Done;
        }));
        await CreateAsync(_cluster.ConfigMap("a"));
        await started.Task;

        await _stop.CancelAsync();

        await _running[0].WaitAsync(Cancelled);
    }

    [Fact]
    public async Task A_lost_term_cancels_reconciles_at_once_and_their_keys_wait_for_the_next_term()
    {
        var started = new TaskCompletionSource();
        var tries = 0;
        var controller = Build(new ControllerBuilder("test").Watch(ConfigMaps).Reconcile(async (key, cancelled) =>
        {
            if (Interlocked.Increment(ref tries) == 1)
            {
                started.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, cancelled);
            }

            return await RecordAsync(key, cancelled);
        }));
        _factory.Start();
        var firstTerm = controller.RunAsync(_stop.Token, _term.Token);
        await CreateAsync(_cluster.ConfigMap("a"));
        await started.Task;

        await _term.CancelAsync();
        await firstTerm.WaitAsync(Cancelled);
        Assert.Equal(1, controller.QueueDepth);
        _running.Add(controller.RunAsync(_stop.Token, CancellationToken.None));

        await ReconciledAsync("a", 1);
    }

    [Fact]
    public async Task A_reconcile_that_ignores_its_cancelled_token_makes_the_controller_unhealthy()
    {
        var time = new ManualTime();
        var started = new TaskCompletionSource();
        var finish = new TaskCompletionSource();
        var controller = Build(
            new ControllerBuilder("test").Reconcile(async (_, _) =>
            {
                started.SetResult();
                await finish.Task;
                return ReconcileResult.Done;
            }),
            time);
        _running.Add(controller.RunAsync(_stop.Token, CancellationToken.None));
        controller.Enqueue(Key("a"), WorkPriority.Urgent);
        await started.Task;
        Assert.Null(controller.Problem);

        time.Advance(TimeSpan.FromMinutes(4));

        Assert.Contains("controller test: a reconcile has been running for 240 s", controller.Problem, StringComparison.Ordinal);
        finish.SetResult();
    }

    [Fact]
    public void A_controller_without_a_reconciler_is_an_error_that_says_so()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new ControllerBuilder("half").Build(_log));

        Assert.Contains("half has no reconciler", error.Message, StringComparison.Ordinal);
    }

    private static OwnerReference Reference(ConfigMap owner, bool controller) => new()
    {
        ApiVersion = KubernetesResources.ConfigMaps.ApiVersion,
        Kind = KubernetesResources.ConfigMaps.Kind,
        Name = owner.Metadata.Name!,
        Uid = owner.Metadata.Uid!,
        Controller = controller,
    };

    private ObjectKey Key(string name) => new(_cluster.Web, name);

    private Controller Build(ControllerBuilder builder, TimeProvider? time = null) => builder.Build(_log, _metrics, time, new FixedRandom());

    private void Run(ControllerBuilder builder, TimeProvider? time = null)
    {
        _running.Add(Build(builder, time).RunAsync(_stop.Token, _term.Token));
        _factory.Start();
    }

    private Task<ConfigMap> CreateAsync(ConfigMap value) => _cluster.ConfigMaps.CreateAsync(value, cancellationToken: Cancelled);

    private ValueTask<ReconcileResult> RecordAsync(ObjectKey key, CancellationToken cancelled)
    {
        _reconciled.Enqueue(key);
        return ValueTask.FromResult(ReconcileResult.Done);
    }

    private Task ReconciledAsync(string name, int times) =>
        Until.TrueAsync($"{name} reconciled {times} times", () => _reconciled.Count(key => key == Key(name)) >= times);
}
