using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Identity;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Tests.CustomResourceDefinitions;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Operator.Tests.ProxyClasses;

/// <summary>The operator judges classes, over HTTP against an API server.</summary>
[Collection(nameof(ClusterWideOperators))]
public sealed class ProxyClassControllerTests(DefinedCluster cluster) : IClassFixture<DefinedCluster>
{
    private readonly ResourceClient<ProxyClass> _classes = cluster.Client.For(TailscaleResources.ProxyClasses);

    [Fact]
    public async Task A_class_is_judged_judged_again_when_it_changes_and_let_go()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        var ns = await cluster.Client.For(KubernetesResources.Namespaces).CreateAsync(
            new Namespace { Metadata = new ObjectMeta { GenerateName = "operator-" } }, cancellationToken: limit.Token);
        using var stopping = new CancellationTokenSource();
        await using var host = new OperatorHost(
            new OperatorSettings { Namespace = ns.Metadata.Name!, LoginServer = "http://127.0.0.1:9" },
            new ProcessSettings { Identity = "test", LeaderElection = false },
            cluster.Configuration,
            new MissingCredentials(),
            NullLoggerFactory.Instance);
        var running = host.RunAsync(stopping.Token);

        var refused = await VerdictAsync(await CreateAsync("refused", Image("bad image"), limit.Token), limit.Token);
        var repaired = await VerdictAsync(
            await _classes.PatchAsync(
                Key(refused), Patch.Merge(new ProxyClass { Spec = Image("example.com/good:1") }, TailscaleResources.ProxyClasses.Json), cancellationToken: limit.Token),
            limit.Token);
        var claimed = await VerdictAsync(await CreateAsync("claimed", Ports(31000, 31010), limit.Token), limit.Token);
        var clashing = await VerdictAsync(await CreateAsync("clashing", Ports(31010, 31020), limit.Token), limit.Token);
        await _classes.TryDeleteAsync(Key(claimed), cancellationToken: limit.Token);
        var unopposed = await WaitAsync(clashing, found => found.IsReady, limit.Token);
        await _classes.TryDeleteAsync(Key(repaired), cancellationToken: limit.Token);
        await _classes.TryDeleteAsync(Key(unopposed), cancellationToken: limit.Token);
        while (await _classes.TryGetAsync(Key(unopposed), limit.Token) is not null || await _classes.TryGetAsync(Key(repaired), limit.Token) is not null)
        {
            await Task.Yield();
        }

        await stopping.CancelAsync();
        await running;
        await cluster.Client.For(KubernetesResources.Namespaces).TryDeleteAsync(new ObjectKey("", ns.Metadata.Name!), cancellationToken: limit.Token);

        Assert.False(refused.IsReady);
        Assert.Contains("tailscaleContainer.image", Message(refused), StringComparison.Ordinal);
        Assert.Contains(ProxyClassPlan.Finalizer, refused.Metadata.Finalizers!);
        Assert.True(repaired.IsReady);
        Assert.True(claimed.IsReady);
        Assert.Contains($"of the ProxyClass \"{claimed.Metadata.Name}\"", Message(clashing), StringComparison.Ordinal);
    }

    private static ProxyClassSpec Image(string image) => new()
    {
        StatefulSet = new ProxyClassStatefulSet { Pod = new ProxyClassPod { TailscaleContainer = new ProxyClassContainer { Image = image } } },
    };

    private static ProxyClassSpec Ports(int first, int last) => new()
    {
        StaticEndpoints = new ProxyClassStaticEndpoints
        {
            NodePort = new ProxyClassNodePort { Ports = [new ProxyClassPortRange { Port = first, EndPort = last }] },
        },
    };

    private static ObjectKey Key(ProxyClass found) => new("", found.Metadata.Name!);

    private static string Message(ProxyClass found) => Assert.Single(found.Status!.Conditions!).Message;

    private Task<ProxyClass> CreateAsync(string name, ProxyClassSpec spec, CancellationToken cancellationToken) => _classes.CreateAsync(
        new ProxyClass
        {
            ApiVersion = TailscaleResources.ProxyClasses.ApiVersion,
            Kind = TailscaleResources.ProxyClasses.Kind,
            Metadata = new ObjectMeta { GenerateName = name + "-" },
            Spec = spec,
        },
        cancellationToken: cancellationToken);

    /// <summary>The class once it was judged in its present form.</summary>
    private Task<ProxyClass> VerdictAsync(ProxyClass written, CancellationToken cancellationToken) => WaitAsync(
        written,
        found => found.Status?.Conditions?.Any(condition => condition.ObservedGeneration == found.Metadata.Generation) == true
            && found.Metadata.Generation >= written.Metadata.Generation,
        cancellationToken);

    private async Task<ProxyClass> WaitAsync(ProxyClass written, Func<ProxyClass, bool> condition, CancellationToken cancellationToken)
    {
        var options = new WatchOptions { FieldSelector = $"metadata.name={written.Metadata.Name}" };
        await foreach (var change in _classes.WatchAsync(null, options, cancellationToken))
        {
            if (change.Object is { } found && condition(found))
            {
                return found;
            }
        }

        throw new InvalidOperationException($"the watch of {written.Metadata.Name} ended");
    }
}
