using System.Collections.Concurrent;
using System.Net;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.LeaderElection;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Tests.Informers;
using Fairlead.Kubernetes.Tests.Observability;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Controllers;

public sealed class ControllerManagerTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _reconciled = new();
    private RuntimeCluster _cluster = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await RuntimeCluster.StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_endpoint_tells_readiness_and_figures_and_the_stop_is_clean()
    {
        await _cluster.ConfigMaps.CreateAsync(_cluster.ConfigMap("a"), cancellationToken: Cancelled);
        using var replica = new Replica(this, "only", elect: false);
        replica.Start();
        using var http = new HttpClient();
        await Until.TrueAsync("a is reconciled", () => _reconciled.Contains("only:a"));
        var address = $"http://127.0.0.1:{replica.Manager.ObservabilityPort}";

        Assert.Equal("ok", await http.GetStringAsync(new Uri($"{address}/readyz"), Cancelled));
        Assert.Equal("ok", await http.GetStringAsync(new Uri($"{address}/healthz"), Cancelled));
        var samples = PrometheusSample.ParseAll(await http.GetStringAsync(new Uri($"{address}/metrics"), Cancelled));
        Assert.Contains(samples, sample => sample.Name == "workqueue_adds_total" && sample.Labels["name"] == "only" && sample.Value >= 1);
        Assert.Contains(samples, sample => sample.Name == "workqueue_queue_duration_seconds_count" && sample.Labels["name"] == "only");
        Assert.Contains(samples, sample => sample.Name == "informer_objects" && sample.Labels["resource"] == "configmaps");
        Assert.Contains(samples, sample => sample.Name == "dotnet_gc_collections_total");

        await replica.StopAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetStringAsync(new Uri($"{address}/healthz"), Cancelled));
    }

    [Fact]
    public void A_stop_with_the_default_limits_takes_less_than_ten_seconds_even_if_all_of_them_run_out()
    {
        var events = new EventRecorderOptions { Component = "tests" };
        var election = new LeaderElectionOptions { Namespace = "system", Name = "lease", Identity = "only" };

        // The lease is released within one retry period.
        Assert.True(ControllerOptions.Default.StopTimeout + events.FlushTimeout + election.RetryPeriod < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_process_whose_caches_are_empty_is_alive_but_not_ready()
    {
        var credentials = _cluster.Credentials();
        credentials.IsCutOff = true;
        using var replica = new Replica(this, "cut-off", elect: false, credentials);
        replica.Start();
        await Until.TrueAsync("the endpoint is there", () => replica.Manager.ObservabilityPort != 0);
        using var http = new HttpClient();

        using var ready = await http.GetAsync(new Uri($"http://127.0.0.1:{replica.Manager.ObservabilityPort}/readyz"), Cancelled);
        using var alive = await http.GetAsync(new Uri($"http://127.0.0.1:{replica.Manager.ObservabilityPort}/healthz"), Cancelled);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("configmaps", await ready.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        await replica.StopAsync();
    }

    [Fact]
    public async Task A_warm_standby_takes_over_where_the_stopped_leader_left_off()
    {
        await _cluster.ConfigMaps.CreateAsync(_cluster.ConfigMap("a"), cancellationToken: Cancelled);
        using var first = new Replica(this, "first");
        first.Start();
        await Until.TrueAsync("first works", () => _reconciled.Contains("first:a"));
        using var second = new Replica(this, "second");
        second.Start();
        await Until.TrueAsync("second is warm", () => second.Controller.QueueDepth == 1);
        Assert.DoesNotContain(_reconciled, entry => entry.StartsWith("second", StringComparison.Ordinal));

        await first.StopAsync();
        await _cluster.ConfigMaps.CreateAsync(_cluster.ConfigMap("b"), cancellationToken: Cancelled);

        await Until.TrueAsync("second works on all", () => _reconciled.Contains("second:a") && _reconciled.Contains("second:b"));
        Assert.DoesNotContain("first:b", _reconciled);
        Assert.Equal(["first:a", "first:ended"], _reconciled.TakeWhile(entry => entry.StartsWith("first", StringComparison.Ordinal)));
        await second.StopAsync();
    }

    private sealed class Replica : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly RuntimeMetrics _metrics = new();
        private readonly LeaderElector? _election;
        private Task _run = Task.CompletedTask;

        public Replica(ControllerManagerTests test, string name, bool elect = true, SwitchableCredentials? credentials = null)
        {
            var client = test._cluster.Connect(credentials);
            var informers = new InformerFactory(client, NullLoggerFactory.Instance, metrics: _metrics);
            var configMaps = informers.For(KubernetesResources.ConfigMaps, test._cluster.Scope);
            Controller = new ControllerBuilder(name)
                .Watch(configMaps)
                .Reconcile((key, _) =>
                {
                    test._reconciled.Enqueue($"{name}:{key.Name}");
                    return ValueTask.FromResult(ReconcileResult.Done);
                })
                .Build(NullLoggerFactory.Instance, _metrics);
            var lease = new LeaderElectionOptions { Namespace = test._cluster.System, Name = "manager", Identity = name, RetryPeriod = TimeSpan.FromMilliseconds(50) };
            _election = elect ? new LeaderElector(client, lease, NullLoggerFactory.Instance, metrics: _metrics) : null;
            var options = new ControllerManagerOptions
            {
                Observability = new ObservabilityOptions { Address = IPAddress.Loopback, Port = 0 },
                TermEnded = _ =>
                {
                    test._reconciled.Enqueue($"{name}:ended");
                    return Task.CompletedTask;
                },
            };
            Manager = new ControllerManager(options, informers, [Controller], NullLoggerFactory.Instance, _election);
        }

        public Controller Controller { get; }

        public ControllerManager Manager { get; }

        public void Start() => _run = Manager.RunAsync(_stop.Token);

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(Cancelled);
        }

        public void Dispose()
        {
            _stop.Cancel();
            Controller.Dispose();
            _election?.Dispose();
            _metrics.Dispose();
            _stop.Dispose();
        }
    }
}
