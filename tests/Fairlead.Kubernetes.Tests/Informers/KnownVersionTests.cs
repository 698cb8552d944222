using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Informers;

/// <summary>What a watch brings of our own writes.</summary>
public sealed class KnownVersionTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ADDED")]
    [InlineData("MODIFIED")]
    public async Task An_event_of_a_version_in_the_cache_is_passed_over_without_being_decoded(string type)
    {
        await using var server = await ScriptedApiServer.StartAsync();
        await using var factory = new InformerFactory(server.Client, NullLoggerFactory.Instance, new InformerOptions { StreamingList = false });
        var changes = new ConcurrentQueue<string?>();
        var informer = factory.For(KubernetesResources.ConfigMaps);
        informer.AddHandler(change => changes.Enqueue(change.New?.Metadata.ResourceVersion));
        factory.Start();
        await informer.WaitForSyncAsync(Cancelled);
        var watch = await server.NextWatchAsync();
        informer.Observe(JsonSerializer.Deserialize(ScriptedApiServer.ConfigMap("a", 220, "3").ToJsonString(), KubernetesJsonContext.Default.ConfigMap)!);

        await watch.SendAsync(type, Unreadable("a", 220));
        await watch.SendAsync("MODIFIED", ScriptedApiServer.ConfigMap("a", 230, "4"));
        await Until.TrueAsync("the next version", () => changes.Contains("230"));

        Assert.Equal(["220", "230"], changes);
        Assert.Equal("4", informer.Get(new ObjectKey("web", "a"))!.Data!["value"]);
        Assert.Equal(InformerPhase.Watching, informer.Status.Phase);
        Assert.Equal(1, server.Lists);
    }

    private static JsonObject Unreadable(string name, long version)
    {
        var value = ScriptedApiServer.ConfigMap(name, version);
        value["data"] = 5;
        return value;
    }
}
