using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Events;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Client.Cluster;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Kubernetes.Tests.Reconciling;

/// <summary>Server-side apply refuses two variables of one name, which Kubernetes otherwise allows.</summary>
public sealed class RepeatedVariableTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private readonly ObjectKey _key = new(cluster.Namespace, "repeated");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_created_kept_changed_and_taken_away()
    {
        var parent = await cluster.Client.For(KubernetesResources.ConfigMaps).CreateAsync(
            new ConfigMap { Metadata = new ObjectMeta { Name = "parent", Namespace = cluster.Namespace } }, cancellationToken: Cancellation);

        var created = await ApplyAsync(parent, null, "a=1", "b=2", "a=3");
        var kept = await ApplyAsync(parent, created, "a=1", "b=2", "a=3");
        var changed = await ApplyAsync(parent, kept, "a=1", "a=4");
        var plain = await ApplyAsync(parent, changed, "a=5");

        Assert.Equal(["a=1", "b=2", "a=3"], Variables(created));

        // Not the version: the StatefulSet's own controller writes its status in between.
        Assert.Equal(created.Metadata.Generation, kept.Metadata.Generation);
        Assert.Equal(["a=1", "a=4"], Variables(changed));
        Assert.Equal(["a=5"], Variables(plain));
    }

    private static IEnumerable<string> Variables(StatefulSet set) =>
        set.Spec!.Template!.Spec!.Containers![0].Env!.Select(variable => $"{variable.Name}={variable.Value}");

    private async Task<StatefulSet> ApplyAsync(ConfigMap parent, StatefulSet? observed, params string[] variables)
    {
        await using var events = new EventRecorder(cluster.Client, new EventRecorderOptions { Component = "tests" }, NullLoggerFactory.Instance);
        var applier = new PlanApplier(
            cluster.Client, "tests", new NoCalls(), new WrittenObjects(), events, NullLogger<PlanApplier>.Instance);
        var plan = new ReconcilePlan<ConfigMap>
        {
            Steps =
            [
                new ApplyStep<StatefulSet>(KubernetesResources.StatefulSets, _key, _ => Desired(variables), observed) { ExclusivePaths = ["/spec"] },
            ],
        };

        Assert.Equal(ReconcileResult.Done, await applier.ApplyAsync(KubernetesResources.ConfigMaps, parent, plan, Cancellation));
        return await cluster.Client.For(KubernetesResources.StatefulSets).GetAsync(_key, Cancellation);
    }

    private StatefulSet Desired(string[] variables) => new()
    {
        ApiVersion = KubernetesResources.StatefulSets.ApiVersion,
        Kind = KubernetesResources.StatefulSets.Kind,
        Metadata = new ObjectMeta { Name = _key.Name, Namespace = _key.Namespace },
        Spec = new StatefulSetSpec
        {
            Replicas = 0,
            ServiceName = _key.Name,
            Selector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "x" } },
            Template = new PodTemplateSpec
            {
                Metadata = new ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "x" } },
                Spec = new PodSpec
                {
                    Containers =
                    [
                        new Container
                        {
                            Name = "main",
                            Image = "main",
                            Env = [.. variables.Select(variable => variable.Split('=')).Select(pair => new EnvVar { Name = pair[0], Value = pair[1] })],
                        },
                    ],
                },
            },
        },
    };

    private sealed class NoCalls : IExternalCallHandler
    {
        public ValueTask<object?> CallAsync(ExternalCall call, CancellationToken cancellationToken) => throw new InvalidOperationException();

        public ValueTask DiscardAsync(ExternalCall call, object result, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nothing was called");

        public TimeSpan? RetryAfter(Exception failure) => null;
    }
}
