using System.Text;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Admission;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Tests.Reconciling;

namespace Fairlead.Kubernetes.Tests.Drift;

/// <summary>Objects are brought to the desired state with the fewest writes, which is mostly none.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private ApplierWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private ObjectKey Key => new(_world.Namespace, "db");

    private ResourceClient<StatefulSet> Sets => _world.For(KubernetesResources.StatefulSets);

    public async ValueTask InitializeAsync() => _world = await ApplierWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_the_server_filled_in_is_no_drift()
    {
        await ApplyAsync(null);
        var patches = _world.Count("patch");

        // As informers have it: from a list, whose items lack apiVersion and kind.
        var listed = Assert.Single((await Sets.ListAllAsync(_world.Namespace, cancellationToken: Cancelled)).Items);
        await ApplyAsync(listed);
        await ApplyAsync(listed with { ApiVersion = null, Kind = null });

        Assert.Equal(0, patches.Hits);
    }

    [Fact]
    public async Task Equal_quantities_written_differently_are_no_drift()
    {
        await ApplyAsync(null, cpu: "1000m");
        var observed = await Sets.GetAsync(Key, Cancelled);
        await ApplyAsync(observed, cpu: "1000m");
        var version = (await Sets.GetAsync(Key, Cancelled)).Metadata.ResourceVersion;

        var patches = _world.Count("patch");
        await ApplyAsync(await Sets.GetAsync(Key, Cancelled), cpu: "1000m");
        Assert.Equal(0, patches.Hits);
        Assert.Equal(version, (await Sets.GetAsync(Key, Cancelled)).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_desired_field_that_somebody_changed_is_set_again()
    {
        await ApplyAsync(null);
        await ChangeAsync("""{"spec":{"replicas":5}}""");

        await ApplyAsync(await Sets.GetAsync(Key, Cancelled));
        Assert.Equal(1, (await Sets.GetAsync(Key, Cancelled)).Spec!.Replicas);
    }

    /// <param name="differs">What makes the write an apply, a merge patch, or a JSON patch.</param>
    [Theory]
    [InlineData("a field", false)]
    [InlineData("a field", true)]
    [InlineData("a repeated variable", false)]
    [InlineData("a repeated variable", true)]
    [InlineData("a foreign field", false)]
    [InlineData("a foreign field", true)]
    public async Task An_object_that_was_deleted_or_replaced_meanwhile_is_not_written_from_the_old_view(string differs, bool replaced)
    {
        await ApplyAsync(null);
        var seen = differs == "a foreign field"
            ? await ChangeAsync("""{"metadata":{"labels":{"foreign":"1"}}}""")
            : await Sets.GetAsync(Key, Cancelled);
        await Sets.DeleteAsync(Key, cancellationToken: Cancelled);
        if (replaced)
        {
            await Sets.CreateAsync(Desired("3m"), cancellationToken: Cancelled);
        }

        var result = differs switch
        {
            "a field" => await ApplyAsync(seen, cpu: "2m"),
            "a repeated variable" => await ApplyAsync(seen, "2m", "MODE"),
            _ => await ApplyAsync(seen),
        };

        Assert.Equal(ReconcileResult.Retry("the object changed meanwhile"), result);
        var present = await Sets.TryGetAsync(Key, Cancelled);
        Assert.Equal(replaced ? "3m" : null, present?.Spec!.Template!.Spec!.Containers![0].Resources!.Requests!["cpu"].ToString());
    }

    [Fact]
    public async Task Foreign_fields_go_from_exclusive_parts_and_stay_elsewhere()
    {
        await ApplyAsync(null);
        await ChangeAsync("""
            {
                "metadata": {"labels": {"foreign": "1"}, "annotations": {"foreign": "1"}},
                "spec": {"template": {"spec": {
                    "containers": [{"name": "db", "env": [{"name": "FOREIGN", "value": "1"}]}],
                    "nodeSelector": {"disk": "fast"}
                }}}
            }
            """);

        await ApplyAsync(await Sets.GetAsync(Key, Cancelled));

        var after = await Sets.GetAsync(Key, Cancelled);
        Assert.Equal(["app"], after.Metadata.Labels!.Keys);
        Assert.Equal(["foreign"], after.Metadata.Annotations!.Keys);
        Assert.Equal(["MODE"], after.Spec!.Template!.Spec!.Containers![0].Env!.Select(variable => variable.Name));
        Assert.Null(after.Spec.Template.Spec.NodeSelector);
        var patches = _world.Count("patch");
        await ApplyAsync(after);
        Assert.Equal(0, patches.Hits);
    }

    [Fact]
    public async Task Fields_that_change_and_fields_that_go_are_one_write_so_that_nobody_sees_an_object_in_between()
    {
        await ApplyAsync(null);
        await ChangeAsync("""
            {
                "metadata": {"labels": {"example.com/foreign": "1"}, "annotations": {"foreign": "1"}},
                "spec": {"template": {"spec": {
                    "initContainers": [{"name": "first", "image": "db:1", "securityContext": {"privileged": true}}],
                    "containers": [{"name": "db", "securityContext": {"privileged": true}}]
                }}}
            }
            """);
        var before = await Sets.GetAsync(Key, Cancelled);
        var patches = _world.Count("patch");

        await ApplyAsync(before, cpu: "2m");

        Assert.Equal(1, patches.Hits);
        var after = await Sets.GetAsync(Key, Cancelled);
        Assert.Equal(before.Metadata.Generation + 1, after.Metadata.Generation);
        Assert.Equal(["app"], after.Metadata.Labels!.Keys);
        Assert.Equal(["foreign"], after.Metadata.Annotations!.Keys);
        Assert.Null(after.Spec!.Template!.Spec!.InitContainers);
        Assert.Null(after.Spec.Template.Spec.Containers![0].SecurityContext);
        Assert.Equal("2m", after.Spec.Template.Spec.Containers[0].Resources!.Requests!["cpu"].ToString());
        await ApplyAsync(after, cpu: "2m");
        Assert.Equal(1, patches.Hits);
    }

    [Fact]
    public async Task A_default_nobody_told_us_about_is_learned_and_then_left_alone()
    {
        var policies = _world.For(KubernetesResources.ValidatingAdmissionPolicies);
        var key = new ObjectKey("", "policy");
        var patches = _world.Count("patch");
        var hits = new List<int>();
        ValidatingAdmissionPolicy? observed = null;
        for (var i = 0; i < 8; i++)
        {
            await _world.ApplyAsync(new ApplyStep<ValidatingAdmissionPolicy>(KubernetesResources.ValidatingAdmissionPolicies, key, _ => Policy(key.Name), observed)
            {
                ExclusivePaths = ["/spec"],
            });
            observed = await policies.GetAsync(key, Cancelled);
            hits.Add(patches.Hits);
        }

        Assert.Equal("Fail", observed!.Spec!.FailurePolicy);
        Assert.InRange(hits[^1], 1, 8);
        Assert.Equal(hits[^3], hits[^1]);
    }

    /// <summary>Patched, not replaced: a cluster's own controllers write the status of the StatefulSet meanwhile.</summary>
    private Task<StatefulSet> ChangeAsync(string strategicMerge) => Sets.PatchAsync(
        Key, Patch.StrategicMerge(Encoding.UTF8.GetBytes(strategicMerge)), new WriteOptions { FieldManager = "somebody" }, Cancelled);

    private static ValidatingAdmissionPolicy Policy(string name) => new()
    {
        ApiVersion = KubernetesResources.ValidatingAdmissionPolicies.ApiVersion,
        Kind = KubernetesResources.ValidatingAdmissionPolicies.Kind,
        Metadata = new ObjectMeta { Name = name },
        Spec = new ValidatingAdmissionPolicySpec
        {
            MatchConstraints = new MatchResources
            {
                ResourceRules =
                [
                    new NamedRuleWithOperations { ApiGroups = [""], ApiVersions = ["v1"], Operations = ["CREATE"], Resources = ["services"] },
                ],
            },
            Validations = [new AdmissionValidation { Expression = "true" }],
        },
    };

    private Task<ReconcileResult> ApplyAsync(StatefulSet? observed, string cpu = "1m", params string[] further) => _world.ApplyAsync(
        new ApplyStep<StatefulSet>(KubernetesResources.StatefulSets, Key, _ => Desired(cpu, further), observed)
        {
            ExclusivePaths = ["/metadata/labels", "/spec"],
        });

    /// <param name="further">Variables besides the one that is always there.</param>
    private StatefulSet Desired(string cpu, params string[] further) => new()
    {
        ApiVersion = KubernetesResources.StatefulSets.ApiVersion,
        Kind = KubernetesResources.StatefulSets.Kind,
        Metadata = new ObjectMeta { Namespace = Key.Namespace, Name = Key.Name, Labels = new Dictionary<string, string> { ["app"] = "db" } },
        Spec = new StatefulSetSpec
        {
            Replicas = 1,
            ServiceName = Key.Name,
            Selector = new LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "db" } },
            Template = new PodTemplateSpec
            {
                Metadata = new ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "db" } },
                Spec = new PodSpec
                {
                    Containers =
                    [
                        new Container
                        {
                            Name = "db",
                            Image = "db:1",
                            Env = [new EnvVar { Name = "MODE", Value = "x" }, .. further.Select(name => new EnvVar { Name = name, Value = "y" })],
                            Resources = new ResourceRequirements { Requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse(cpu) } },
                        },
                    ],
                },
            },
        },
    };
}
