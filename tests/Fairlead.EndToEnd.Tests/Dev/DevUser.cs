using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.EndToEnd.Tests.Dev;

/// <summary>Somebody who works with a cluster through its kubeconfig.</summary>
public sealed class DevUser : IDisposable
{
    private const string Namespace = "default";

    private readonly KubernetesClient _client;

    private DevUser(KubernetesClient client) => _client = client;

    public static DevUser From(string kubeconfig) =>
        new(new KubernetesClient(
            ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = kubeconfig }),
            new KubernetesClientOptions { FieldManager = "user" }));

    public Task CreateServiceAsync(string name, params (string Key, string Value)[] annotations) => _client.For(KubernetesResources.Services).CreateAsync(
        new Service
        {
            Metadata = new ObjectMeta
            {
                Name = name,
                Namespace = Namespace,
                Annotations = annotations.ToDictionary(annotation => annotation.Key, annotation => annotation.Value),
            },
            Spec = new ServiceSpec { Ports = [new ServicePort { Port = 80 }] },
        },
        cancellationToken: TestContext.Current.CancellationToken);

    public Task AnnotateAsync(string name, string key, string? value) => _client.For(KubernetesResources.Services).PatchAsync(
        new ObjectKey(Namespace, name),
        Patch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [key] = value } } }),
        cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Waits until a condition of a Service has a reason.</summary>
    public async Task<Condition> ConditionAsync(string name, string type, string reason)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var options = new WatchOptions { FieldSelector = $"metadata.name={name}" };
        await foreach (var change in _client.For(KubernetesResources.Services).WatchAsync(Namespace, options, limit.Token))
        {
            if (change.Object?.Status?.Conditions?.FirstOrDefault(c => c.Type == type && c.Reason == reason) is { } found)
            {
                return found;
            }
        }

        throw new TimeoutException($"Service {name} did not get {type} with reason {reason}.");
    }

    public void Dispose() => _client.Dispose();
}
