using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Tests.Controllers;

public sealed class ControllerTests : IAsyncLifetime
{
    private const string Ns = "work";
    private const string Template = """{"metadata":{"labels":{"app":"a"}},"spec":{"containers":[{"name":"c","image":"x:1","ports":[{"containerPort":8080,"name":"web"}]}]}}""";

    private EmbeddedCluster _cluster = null!;

    private IClusterApi Api => _cluster.Api;

    public async ValueTask InitializeAsync()
    {
        _cluster = await EmbeddedCluster.StartAsync(new EmbeddedClusterOptions { Https = false });
        Create("", "namespaces", null, $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{Ns}}}"}}""");
        await Api.UntilAsync("", "serviceaccounts", Ns, "the default account", a => a.Count == 1);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_StatefulSet_makes_its_Pods_in_order_and_removes_them_from_the_top()
    {
        CreateSet(2);
        var pods = await Pods("the first Pod", p => p.Count == 1);
        Assert.Equal(("a-0", "a-0", "svc"), (Name(pods[0]), (string?)pods[0]["spec"]!["hostname"], (string?)pods[0]["spec"]!["subdomain"]));
        var labels = pods[0]["metadata"]!["labels"]!;
        Assert.Equal(("a-0", "0"), ((string?)labels["statefulset.kubernetes.io/pod-name"], (string?)labels["apps.kubernetes.io/pod-index"]));
        var revisions = Api.List("apps", "controllerrevisions", Ns);
        Assert.Equal(Name(Assert.Single(revisions)), (string?)labels["controller-revision-hash"]);

        MakeReady(pods[0], "10.1.0.1");
        await Pods("the second Pod", p => p.Count == 2);
        Change("statefulsets", s => s["spec"]!["replicas"] = 0);
        await Pods("no Pod", p => p.Count == 0);
        await Api.UntilAsync("apps", "statefulsets", Ns, "the status", s => (int?)s[0]["status"]!["replicas"] == 0);
    }

    [Fact]
    public async Task A_StatefulSet_replaces_Pods_of_an_old_template()
    {
        CreateSet(1);
        var before = (await Pods("the Pod", p => p.Count == 1))[0];

        // As in a real cluster, an ordered roll-out does not pass a Pod that is not ready.
        MakeReady(before, "10.1.0.1");
        Change("statefulsets", s => s["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "x:2");
        var after = await Pods("the new Pod", p => p.Count == 1 && (string?)p[0]["spec"]!["containers"]![0]!["image"] == "x:2");
        Assert.NotEqual((string?)before["metadata"]!["uid"], (string?)after[0]["metadata"]!["uid"]);
        Assert.Equal(2, Api.List("apps", "controllerrevisions", Ns).Count);
    }

    [Fact]
    public async Task A_Deployment_rolls_its_Pods_over_to_a_new_template()
    {
        Create("apps", "deployments", Ns, $$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":1,"selector":{"matchLabels":{"app":"a"}},"template":{{{Template}}}}}""");
        var first = (await Pods("the Pod", p => p.Count == 1))[0];
        MakeReady(first, "10.1.0.1");
        await Api.UntilAsync("apps", "deployments", Ns, "availability", d => (int?)d[0]["status"]?["availableReplicas"] == 1);
        Change("deployments", d => d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "x:2");

        // The old Pod serves until the new one is ready.
        var both = await Pods("a surge", p => p.Count == 2);
        MakeReady(both.Single(p => Name(p) != Name(first)), "10.1.0.2");
        await Pods("the new Pod alone", p => p.Count == 1 && Name(p[0]) != Name(first));
        Assert.Equal(["1", "2"], Api.List("apps", "replicasets", Ns).Select(s => (string?)s["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]).Order());
    }

    [Fact]
    public async Task A_Deployment_keeps_old_Pods_while_new_ones_do_not_serve_even_if_the_old_ones_do_not_either()
    {
        Create("apps", "deployments", Ns, $$$"""{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"a"}},"template":{{{Template}}}}}""");
        await Pods("all Pods", p => p.Count == 3);
        Change("deployments", d => d["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = "x:2");

        // A quarter of three more and none less, as a real controller leaves it when no Pod ever gets ready.
        await Api.UntilAsync("apps", "deployments", Ns, "the surge", d =>
            ((int?)d[0]["status"]?["replicas"], (int?)d[0]["status"]?["updatedReplicas"], (long?)d[0]["status"]?["observedGeneration"]) == (4, 1, 2));
        Assert.Equal(4, Api.List("", "pods", Ns).Count);
    }

    [Fact]
    public async Task A_Job_is_complete_once_its_Pod_has_succeeded()
    {
        Create("batch", "jobs", Ns, """{"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"j"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"x"}]}}}}""");
        var pod = (await Pods("the Pod", p => p.Count == 1))[0];
        pod["status"]!["phase"] = "Succeeded";
        Api.Update("", "pods", Ns, pod, "status");
        var job = (await Api.UntilAsync("batch", "jobs", Ns, "completion", j => j[0]["status"]?["completionTime"] is not null))[0];
        Assert.Contains(job["status"]!["conditions"]!.AsArray(), c => (string?)c!["type"] == "Complete" && (string?)c["status"] == "True");
    }

    [Fact]
    public async Task Ready_Pods_become_endpoints_of_the_Services_that_select_them()
    {
        Create("", "services", Ns, """{"apiVersion":"v1","kind":"Service","metadata":{"name":"svc"},"spec":{"selector":{"app":"a"},"ports":[{"port":80,"targetPort":"web"}]}}""");
        var slice = (await Slices("an empty slice", s => s.Count == 1))[0];
        Assert.Equal("svc", (string?)slice["metadata"]!["labels"]!["kubernetes.io/service-name"]);
        CreateSet(1);
        MakeReady((await Pods("the Pod", p => p.Count == 1))[0], "10.1.0.1");
        slice = (await Slices("the endpoint", s => s.Count == 1 && s[0]["endpoints"] is JsonArray { Count: 1 }))[0];
        Assert.Equal("10.1.0.1", (string?)slice["endpoints"]![0]!["addresses"]![0]);
        Assert.True((bool?)slice["endpoints"]![0]!["conditions"]!["ready"]);
        Assert.Equal(8080, (int?)slice["ports"]![0]!["port"]);
        await Api.UntilAsync("", "endpoints", Ns, "the old form", e => e.Any(o => o["subsets"] is JsonArray { Count: 1 }));
    }

    [Theory]
    [InlineData("Background")]
    [InlineData("Foreground")]
    public async Task Deleting_an_owner_deletes_what_it_owns(string propagation)
    {
        CreateOwnerAndDependent();
        Api.Delete("", "configmaps", Ns, "owner", propagation);
        await Api.UntilAsync("", "configmaps", Ns, "neither", m => m.Count == 0);
    }

    [Fact]
    public async Task An_orphaning_deletion_leaves_dependents_without_the_reference()
    {
        CreateOwnerAndDependent();
        Api.Delete("", "configmaps", Ns, "owner", "Orphan");
        var left = await Api.UntilAsync("", "configmaps", Ns, "the dependent alone", m => m.Count == 1);
        Assert.Equal("dependent", Name(left[0]));
        Assert.Null(left[0]["metadata"]!["ownerReferences"]);
    }

    [Fact]
    public async Task An_object_whose_owner_never_existed_goes()
    {
        CreateMap("lost", """[{"apiVersion":"v1","kind":"ConfigMap","name":"nobody","uid":"1234"}]""");
        await Api.UntilAsync("", "configmaps", Ns, "nothing", m => m.Count == 0);
    }

    [Fact]
    public async Task A_deleted_namespace_goes_with_its_contents()
    {
        CreateSet(1);
        await Pods("the Pod", p => p.Count == 1);
        Api.Delete("", "namespaces", null, Ns);
        await Api.UntilAsync("", "namespaces", null, "the namespace gone", _ => Api.Get("", "namespaces", null, Ns) is null);
        Assert.Empty(Api.List("apps", "statefulsets", Ns));
        Assert.Empty(Api.List("", "pods", Ns));
    }

    [Fact]
    public async Task Aggregated_roles_hold_the_rules_they_select()
    {
        var admin = await Api.UntilAsync(
            "rbac.authorization.k8s.io", "clusterroles", null, "rules of admin",
            r => r.Any(o => Name(o) == "admin" && o["rules"] is JsonArray { Count: > 0 } rules && rules.ToJsonString().Contains("rolebindings", StringComparison.Ordinal)));
        Assert.NotEmpty(admin);
    }

    private static string Name(JsonObject obj) => (string)obj["metadata"]!["name"]!;

    private JsonObject Create(string group, string plural, string? ns, string json) => Api.Create(group, plural, ns, JsonNode.Parse(json)!.AsObject());

    private JsonObject CreateSet(int replicas) => Create(
        "apps", "statefulsets", Ns,
        $$$"""{"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"a"},"spec":{"serviceName":"svc","replicas":{{{replicas}}},"selector":{"matchLabels":{"app":"a"}},"template":{{{Template}}}}}""");

    // Without a resourceVersion, so that the controllers' own writes do not matter.
    private void Change(string plural, Action<JsonObject> change)
    {
        var obj = Api.Get("apps", plural, Ns, "a")!;
        change(obj);
        obj["metadata"]!.AsObject().Remove("resourceVersion");
        Api.Update("apps", plural, Ns, obj);
    }

    private void CreateOwnerAndDependent()
    {
        var owner = CreateMap("owner", "[]");
        CreateMap("dependent", $$"""[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{owner["metadata"]!["uid"]}}","blockOwnerDeletion":true}]""");
    }

    private JsonObject CreateMap(string name, string owners) =>
        Create("", "configmaps", Ns, $$$$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{{{name}}}}}","ownerReferences":{{{{{owners}}}}}}}""");

    private void MakeReady(JsonObject pod, string address)
    {
        pod["status"] = JsonNode.Parse(
            $$"""{"phase":"Running","podIP":"{{address}}","podIPs":[{"ip":"{{address}}"}],"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"2024-01-01T00:00:00Z"}]}""");
        pod["metadata"]!.AsObject().Remove("resourceVersion");
        Api.Update("", "pods", Ns, pod, "status");
    }

    private Task<IReadOnlyList<JsonObject>> Pods(string what, Func<IReadOnlyList<JsonObject>, bool> condition) => Api.UntilAsync("", "pods", Ns, what, condition);

    private Task<IReadOnlyList<JsonObject>> Slices(string what, Func<IReadOnlyList<JsonObject>, bool> condition) =>
        Api.UntilAsync("discovery.k8s.io", "endpointslices", Ns, what, condition);
}
