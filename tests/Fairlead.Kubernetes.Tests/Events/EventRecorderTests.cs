using Fairlead.Dev.Cluster.Faults;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Observability;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Tests.Controllers;
using Fairlead.Kubernetes.Tests.Informers;
using Fairlead.Kubernetes.Tests.Observability;
using Fairlead.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Events;

public sealed class EventRecorderTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly RuntimeMetrics _metrics = new();
    private PrometheusExporter _exporter = null!;
    private RuntimeCluster _cluster = null!;
    private EventRecorder _recorder = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ObjectReference Subject => new() { ApiVersion = "v1", Kind = "Service", Namespace = _cluster.Web, Name = "shop", Uid = "uid-1" };

    public async ValueTask InitializeAsync()
    {
        _cluster = await RuntimeCluster.StartAsync();
        _exporter = new PrometheusExporter(meter => meter == _metrics.Meter);
        _recorder = Recorder();
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        await _cluster.DisposeAsync();
        _exporter.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public async Task An_event_says_who_saw_what_happen_to_which_object()
    {
        _recorder.Record(Subject, EventType.Warning, "InvalidName", "the name is too long");

        var written = Assert.Single(await FlushAsync(_cluster.Web));
        Assert.Equal(("Warning", "InvalidName", "the name is too long", 1), (written.Type, written.Reason, written.Message, written.Count));
        Assert.Equal(("tester", "tester", "pod-1"), (written.Source!.Component, written.ReportingComponent, written.ReportingInstance));
        Assert.Equal(("Service", "shop", "uid-1"), (written.InvolvedObject!.Kind, written.InvolvedObject.Name, written.InvolvedObject.Uid));
        Assert.Equal(_time.GetUtcNow(), written.FirstTimestamp);
        Assert.StartsWith("shop.", written.Metadata.Name, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_of_cluster_scoped_objects_go_to_the_default_namespace()
    {
        var node = Subject with { Namespace = null, Kind = "Node", Name = _cluster.Web };
        _recorder.Record(node, EventType.Normal, "Seen", "here it is");

        var written = Assert.Single(await FlushAsync("default"), one => one.InvolvedObject?.Name == node.Name);
        await _cluster.Client.For(KubernetesResources.Events).DeleteAsync(new("default", written.Metadata.Name!), cancellationToken: Cancelled);
    }

    [Fact]
    public async Task The_same_event_counts_up()
    {
        for (var i = 0; i < 5; i++)
        {
            _recorder.Record(Subject, EventType.Normal, "Waiting", "for a key");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        var written = Assert.Single(await FlushAsync(_cluster.Web));
        Assert.Equal(5, written.Count);
        Assert.Equal(TimeSpan.FromSeconds(4), written.LastTimestamp - written.FirstTimestamp);
    }

    [Fact]
    public async Task More_than_ten_similar_events_become_one()
    {
        for (var i = 1; i <= 15; i++)
        {
            _recorder.Record(Subject, EventType.Warning, "Failed", $"try {i}");
        }

        var written = await FlushAsync(_cluster.Web);
        Assert.Equal(10, written.Count);
        var combined = Assert.Single(written, one => one.Message!.StartsWith("(combined from similar events): ", StringComparison.Ordinal));
        Assert.Equal(6, combined.Count);
        Assert.EndsWith("try 15", combined.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Similar_events_are_told_apart_again_after_a_quiet_time()
    {
        for (var i = 1; i <= 12; i++)
        {
            _recorder.Record(Subject, EventType.Warning, "Failed", $"try {i}");
        }

        _time.Advance(TimeSpan.FromMinutes(11));
        _recorder.Record(Subject, EventType.Warning, "Failed", "afresh");

        Assert.Contains(await FlushAsync(_cluster.Web), one => one.Message == "afresh");
    }

    [Fact]
    public async Task An_object_that_causes_too_many_events_is_silenced_and_earns_one_every_five_minutes()
    {
        for (var i = 0; i < 40; i++)
        {
            _recorder.Record(Subject, EventType.Normal, $"Reason{i}", "x");
        }

        _recorder.Record(Subject with { Name = "other", Uid = "uid-2" }, EventType.Normal, "Reason", "x");
        _time.Advance(TimeSpan.FromMinutes(5));
        _recorder.Record(Subject, EventType.Normal, "Later", "x");
        _recorder.Record(Subject, EventType.Normal, "TooMuch", "x");

        var written = await FlushAsync(_cluster.Web);
        Assert.Equal(25 + 1 + 1, written.Count);
        Assert.Contains(written, one => one.Reason == "Later");
        Assert.DoesNotContain(written, one => one.Reason == "TooMuch");
    }

    [Fact]
    public async Task Recording_never_waits_even_if_the_API_server_is_away_and_the_queue_is_full()
    {
        using var nowhere = new KubernetesClient(new ClusterConfiguration { Server = new Uri("http://127.0.0.1:1") });
        await using var recorder = new EventRecorder(
            nowhere, new EventRecorderOptions { Component = "tester", Capacity = 10, FlushTimeout = TimeSpan.FromMilliseconds(50) }, NullLoggerFactory.Instance);

        for (var i = 0; i < 1_000; i++)
        {
            recorder.Record(Subject, EventType.Normal, "Reason", $"{i}");
        }

        await recorder.StopAsync();
    }

    [Fact]
    public async Task A_message_longer_than_the_API_allows_is_cut()
    {
        _recorder.Record(Subject, EventType.Normal, "Reason", new string('x', 5_000));

        Assert.Equal(1_024, Assert.Single(await FlushAsync(_cluster.Web)).Message!.Length);
    }

    [Fact]
    public async Task An_event_whose_answer_got_lost_is_written_once_and_counted_as_such()
    {
        _cluster.Faults.Add(new RequestMatch { Verb = "create", Resource = "events" }, new FaultEffect.CutAfter());

        _recorder.Record(Subject, EventType.Normal, "Waiting", "for a key");
        await Until.TrueAsync("the next try is due", () => _time.ArmedTimers == 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _recorder.Record(Subject, EventType.Normal, "Waiting", "for a key");

        Assert.Equal(2, Assert.Single(await FlushAsync(_cluster.Web)).Count);
        Assert.Equal(["counted 1", "created 1"], Outcomes());
    }

    [Fact]
    public async Task An_event_waits_for_credentials_that_are_away_for_a_moment()
    {
        var credentials = _cluster.Credentials();
        credentials.Failure = new CredentialException("The token file x is empty.");
        await _recorder.DisposeAsync();
        _recorder = Recorder(_cluster.Connect(credentials));

        _recorder.Record(Subject, EventType.Normal, "Waiting", "for a key");
        await Until.TrueAsync("the next try is due", () => _time.ArmedTimers == 1);
        credentials.Failure = null;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Single(await FlushAsync(_cluster.Web));
        Assert.Equal(["created 1"], Outcomes());
    }

    [Fact]
    public async Task An_event_whose_name_another_process_took_gets_another_name()
    {
        await using var other = Recorder();
        _recorder.Record(Subject, EventType.Normal, "Here", "x");
        await FlushAsync(_cluster.Web);
        other.Record(Subject, EventType.Normal, "There", "x");
        await other.StopAsync();

        Assert.Equal(["Here", "There"], (await FlushAsync(_cluster.Web)).Select(written => written.Reason).Order());
        Assert.Equal(["created 2"], Outcomes());
    }

    [Fact]
    public async Task An_event_that_the_server_forgot_begins_afresh_with_the_count_it_had()
    {
        _recorder.Record(Subject, EventType.Normal, "Waiting", "x");
        var events = _cluster.Client.For(KubernetesResources.Events);
        await Until.TrueAsync("the Event is written", () => Outcomes().Contains("created 1"));
        var written = Assert.Single((await events.ListAllAsync(_cluster.Web, cancellationToken: Cancelled)).Items);
        await events.DeleteAsync(new(_cluster.Web, written.Metadata.Name!), cancellationToken: Cancelled);

        _recorder.Record(Subject, EventType.Normal, "Waiting", "x");

        Assert.Equal(2, Assert.Single(await FlushAsync(_cluster.Web)).Count);
    }

    [Fact]
    public async Task Events_of_a_namespace_that_is_being_deleted_or_gone_are_no_loss()
    {
        // Its finalizer keeps the namespace terminating on a server with controllers too.
        var held = _cluster.ConfigMap("held");
        await _cluster.ConfigMaps.CreateAsync(held with { Metadata = held.Metadata with { Finalizers = ["example.com/held"] } }, cancellationToken: Cancelled);
        await _cluster.Client.For(KubernetesResources.Namespaces).DeleteAsync(new("", _cluster.Web), cancellationToken: Cancelled);

        _recorder.Record(Subject, EventType.Normal, "Removed", "x");
        _recorder.Record(Subject with { Namespace = $"{_cluster.Web}-gone" }, EventType.Normal, "Removed", "x");
        await _recorder.StopAsync();

        Assert.Equal(["namespace_gone 2"], Outcomes());
        await _cluster.ConfigMaps.PatchAsync(
            new(_cluster.Web, "held"), Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()), cancellationToken: Cancelled);
    }

    private EventRecorder Recorder(KubernetesClient? client = null) => new(
        client ?? _cluster.Client,
        new EventRecorderOptions { Component = "tester", Instance = "pod-1", FlushTimeout = TimeSpan.FromSeconds(10) },
        NullLoggerFactory.Instance,
        _metrics,
        _time);

    private IEnumerable<string> Outcomes() => _exporter.Collect() is not { Length: > 0 } text ? [] : PrometheusSample.ParseAll(text)
        .Where(sample => sample.Labels.ContainsKey("outcome"))
        .Select(sample => $"{sample.Labels["outcome"]} {sample.Value}")
        .Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<Event>> FlushAsync(string ns)
    {
        await _recorder.StopAsync();
        return (await _cluster.Client.For(KubernetesResources.Events).ListAllAsync(ns, cancellationToken: Cancelled)).Items;
    }
}
