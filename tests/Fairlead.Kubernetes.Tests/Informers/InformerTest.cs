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

/// <summary>Informers of a server that does what a test has in mind.</summary>
public abstract class InformerTest : IAsyncLifetime
{
    private protected static readonly InformerOptions Fast = new() { StreamingList = false, BaseDelay = TimeSpan.FromMilliseconds(10), MaxDelay = TimeSpan.FromMilliseconds(50) };

    private readonly RuntimeMetrics _metrics = new();

    private protected ConcurrentQueue<string> Changes { get; } = new();

    private protected PrometheusExporter Exporter { get; private set; } = null!;

    private protected ScriptedApiServer Server { get; private set; } = null!;

    private protected InformerFactory Informers { get; private set; } = null!;

    private protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Exporter = new PrometheusExporter(meter => meter == _metrics.Meter);
        Server = await ScriptedApiServer.StartAsync();
        Informers = Factory(Fast);
    }

    public async ValueTask DisposeAsync()
    {
        await Informers.DisposeAsync();
        await Server.DisposeAsync();
        Exporter.Dispose();
        _metrics.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static ObjectKey Key(string name) => new("web", name);

    private protected static ConfigMap Typed(JsonObject value, string? ns = null)
    {
        if (ns is not null)
        {
            value["metadata"]!["namespace"] = ns;
        }

        return JsonSerializer.Deserialize(value.ToJsonString(), KubernetesJsonContext.Default.ConfigMap)!;
    }

    private protected static JsonObject Labelled(string name, long version, params (string Key, string Value)[] labels)
    {
        var value = ScriptedApiServer.ConfigMap(name, version);
        value["metadata"]!["labels"] = new JsonObject(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        return value;
    }

    private protected InformerFactory Factory(InformerOptions options, TimeProvider? time = null) =>
        new(Server.Client, NullLoggerFactory.Instance, options, _metrics, time, new FixedRandom());

    private protected async Task<(SharedInformer<ConfigMap> Informer, WatchConnection Watch)> StartAsync()
    {
        var informer = Informers.For(KubernetesResources.ConfigMaps);
        informer.AddHandler(change => Changes.Enqueue(change switch
        {
            { Old: null, New: { } added } => $"+{added.Metadata.Name}={added.Data!["value"]}{(change.IsInitialList ? " (initial)" : "")}",
            { Old: { } deleted, New: null } => $"-{deleted.Metadata.Name}",
            _ => $"{change.New!.Metadata.Name}:{change.Old!.Data!["value"]}→{change.New.Data!["value"]}",
        }));
        Informers.Start();
        await informer.WaitForSyncAsync(Cancelled);
        return (informer, await Server.NextWatchAsync());
    }

    private protected Task SeenAsync(string change) => Until.TrueAsync($"change {change}", () => Changes.Contains(change));
}
