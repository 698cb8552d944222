using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tests.CustomResourceDefinitions;

namespace Fairlead.Operator.Tests.ServiceProxies;

/// <summary>What users see of the operator, against an API server that is real when <c>KUBECONFIG</c> names one.</summary>
[Collection(nameof(ClusterWideOperators))]
public sealed class ServiceProxyLifecycleTests(DefinedCluster cluster) : IClassFixture<DefinedCluster>, IAsyncLifetime
{
    private LifecycleWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LifecycleWorld.StartAsync(cluster);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_load_balancer_lives_from_its_first_object_to_its_last()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(
            _world.Web, "shop", spec: new ServiceSpec { Type = "LoadBalancer", LoadBalancerClass = "tailscale", Ports = [new ServicePort { Port = 80 }] });

        await _world.ConditionAsync(service, ServiceConditions.ProxyReady, condition => condition is { Status: "False", Reason: ServiceConditions.Pending });
        var device = await _world.RegisterAsync(service);
        await _world.ConditionAsync(service, ServiceConditions.ProxyReady, condition => condition.Status == "True");
        var ingress = (await _world.GetAsync(service)).Status!.LoadBalancer!.Ingress!;
        Assert.Equal(device.Name, ingress[0].Hostname);
        Assert.Equal(device.Addresses.Where(address => !address.Contains(':', StringComparison.Ordinal)), ingress.Skip(1).Select(entry => entry.Ip));
        await _world.UntilAsync("the used key is gone", async () => (await ConfigAsync(service))["AuthKey"] is null);

        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/hostname":"renamed"}}}""");
        await _world.UntilAsync("the new name is in the configuration", async () => (string?)(await ConfigAsync(service))["Hostname"] == "renamed");

        await _world.PatchAsync(service, """{"spec":{"type":"ClusterIP","loadBalancerClass":null}}""");
        await _world.NothingIsLeftAsync(service, device);
        await _world.UntilAsync("the conditions are gone", async () => (await _world.GetAsync(service)).Status?.Conditions is not { Count: > 0 });
    }

    [Fact]
    public async Task An_exposed_Service_is_ready_at_once_and_takes_its_proxy_with_it()
    {
        _world.StartOperator();
        var service = await ExposeAsync("shop");
        await _world.ConditionAsync(service, ServiceConditions.ProxyReady, condition => condition is { Status: "True", Reason: ServiceConditions.Created });

        var device = await _world.RegisterAsync(service);
        await _world.ConditionAsync(service, ServiceConditions.ProxyRunning, condition => condition.Status == "True");

        await _world.DeleteAsync(service, device);
        Assert.Single(_world.Tailnet.Keys.Snapshot());
    }

    [Fact]
    public async Task An_egress_Service_leads_to_its_proxy_and_stays_when_it_ends()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(_world.Web, "db", ServiceAnnotations.TailnetFqdn, "db.example.ts.net");
        var children = await _world.ProvisionedAsync(service);
        var address = $"{children.StatefulSets[0].Metadata.Name}.{_world.OperatorNamespace}.svc.cluster.local";
        await _world.UntilAsync("the Service leads to the proxy", async () => (await _world.GetAsync(service)).Spec is { Type: "ExternalName" } spec && spec.ExternalName == address);

        Assert.Null((await _world.GetAsync(service)).Spec!.Selector);
        Assert.Equal("db.example.ts.net.", Variable(children.StatefulSets[0], "TS_TAILNET_TARGET_FQDN"));
        var device = await _world.RegisterAsync(service);
        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/tailnet-fqdn":null}}}""");
        await _world.NothingIsLeftAsync(service, device);
        Assert.Equal(address, (await _world.GetAsync(service)).Spec!.ExternalName);
    }

    [Fact]
    public async Task An_external_name_is_exposed_as_it_is_and_followed()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(
            _world.Web, "away", ServiceAnnotations.Expose, "true", new ServiceSpec { Type = "ExternalName", ExternalName = "db.example.com" });
        Assert.Equal("db.example.com", Variable((await _world.ProvisionedAsync(service)).StatefulSets[0], "TS_EXPERIMENTAL_DEST_DNS_NAME"));

        await _world.PatchAsync(service, """{"spec":{"externalName":"other.example.com"}}""");

        await _world.UntilAsync(
            "the proxy has the new target",
            async () => Variable((await _world.ChildrenAsync(service)).StatefulSets[0], "TS_EXPERIMENTAL_DEST_DNS_NAME") == "other.example.com");
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task An_invalid_Service_is_told_what_is_wrong_and_gets_its_proxy_once_that_is_repaired()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(_world.Web, "db", ServiceAnnotations.TailnetIp, "100.64.0.1/32");

        var refusal = await _world.ConditionAsync(service, ServiceConditions.ProxyReady, condition => condition.Reason == ServiceConditions.Invalid);
        Assert.Contains("100.64.0.1/32", refusal.Message, StringComparison.Ordinal);
        await _world.UntilAsync("the Event is there", async () => (await _world.Client.For(KubernetesResources.Events)
            .ListAllAsync(_world.Web, cancellationToken: Cancelled)).Items.Any(seen => seen is { Reason: ServiceConditions.InvalidServiceEvent, InvolvedObject.Name: "db" }));
        Assert.Empty((await _world.ChildrenAsync(service)).Secrets);
        Assert.Empty(_world.Tailnet.Keys.Snapshot());

        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/tailnet-ip":"100.64.0.1"}}}""");
        Assert.Equal("100.64.0.1", Variable((await _world.ProvisionedAsync(service)).StatefulSets[0], "TS_TAILNET_TARGET_IP"));
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task What_somebody_changed_or_deleted_is_put_right()
    {
        _world.StartOperator();
        var service = await ExposeAsync("shop");
        var before = await _world.ProvisionedAsync(service);
        var sets = _world.Client.For(KubernetesResources.StatefulSets);
        var key = LifecycleWorld.KeyOf(before.StatefulSets[0]);

        await sets.PatchAsync(
            key, Patch.Merge("""{"metadata":{"labels":{"stray":"1"}},"spec":{"replicas":3,"template":{"spec":{"nodeSelector":{"disk":"fast"}}}}}"""u8.ToArray()),
            new WriteOptions { FieldManager = "somebody" }, Cancelled);
        await _world.Services.TryDeleteAsync(LifecycleWorld.KeyOf(before.HeadlessServices[0]), cancellationToken: Cancelled);
        await _world.UntilAsync("all is right", async () =>
            await _world.ChildrenAsync(service) is { HeadlessServices: [{ } headless], StatefulSets: [{ Spec: { Replicas: 1, Template.Spec.NodeSelector: null } } set] }
            && headless.Metadata.Uid != before.HeadlessServices[0].Metadata.Uid
            && !set.Metadata.Labels!.ContainsKey("stray"));

        await sets.TryDeleteAsync(key, new DeleteOptions { Propagation = DeletePropagation.Foreground }, Cancelled);
        await _world.UntilAsync("there is another StatefulSet", async () =>
            (await _world.ChildrenAsync(service)).StatefulSets is [{ } set] && set.Metadata.Uid != before.StatefulSets[0].Metadata.Uid);
        var after = await _world.ProvisionedAsync(service);
        Assert.Equal(before.StatefulSets[0].Metadata.Name, after.StatefulSets[0].Metadata.Name);
        Assert.Equal(before.Secrets[0].Metadata.Uid, after.Secrets[0].Metadata.Uid);
        Assert.Single(_world.Tailnet.Keys.Snapshot());
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task What_a_Service_leaves_whose_finalizer_somebody_took_off_is_removed_with_its_device()
    {
        _world.StartOperator();
        var service = await ExposeAsync("shop");
        var device = await _world.RegisterAsync(service);
        await _world.StopOperatorAsync();
        await _world.PatchAsync(service, """{"metadata":{"finalizers":null}}""");
        await _world.Services.TryDeleteAsync(LifecycleWorld.KeyOf(service), cancellationToken: Cancelled);

        _world.StartOperator();

        await _world.NothingIsLeftAsync(service, device);
    }

    [Fact]
    public async Task A_Service_that_is_replaced_without_annotation_and_finalizer_loses_its_proxy_all_the_same()
    {
        _world.StartOperator();
        var service = await ExposeAsync("shop");
        var device = await _world.RegisterAsync(service);
        await _world.ConditionAsync(service, ServiceConditions.ProxyRunning, condition => condition.Status == "True");

        await _world.PatchAsync(service, """{"metadata":{"finalizers":null,"annotations":null}}""");

        await _world.NothingIsLeftAsync(service, device);
        await _world.UntilAsync("the conditions are gone", async () => (await _world.GetAsync(service)).Status?.Conditions is not { Count: > 0 });
    }

    [Fact]
    public async Task A_removal_that_waits_for_a_Pod_which_never_ends_says_so_once()
    {
        _world.StartOperator(clockAhead: TimeSpan.FromMinutes(5));
        var service = await ExposeAsync("shop");
        var pods = _world.Client.For(KubernetesResources.Pods);
        var pod = new ObjectKey(_world.OperatorNamespace, ProxyNames.Replica((await _world.ProvisionedAsync(service)).StatefulSets[0].Metadata.Name!, 0));
        await _world.UntilAsync("the Pod is there", async () => await pods.TryGetAsync(pod, Cancelled) is not null);
        await pods.PatchAsync(pod, Patch.Merge("""{"metadata":{"finalizers":["example.com/audit"]}}"""u8.ToArray()), cancellationToken: Cancelled);

        await _world.PatchAsync(service, """{"metadata":{"annotations":null}}""");

        var condition = await _world.ConditionAsync(service, ServiceConditions.ProxyRunning, found => found.Reason == "PodNotEnding");
        Assert.Contains($"Pod {pod}", condition.Message, StringComparison.Ordinal);
        Assert.Contains("example.com/audit", condition.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _world.EventAsync(service, "PodNotEnding")).Count);
        await pods.PatchAsync(pod, Patch.Merge("""{"metadata":{"finalizers":null}}"""u8.ToArray()), cancellationToken: Cancelled);
        await _world.NothingIsLeftAsync(service);
    }

    [Fact]
    public async Task An_object_that_lost_the_label_it_is_found_by_gets_it_back()
    {
        _world.StartOperator();
        var service = await ExposeAsync("shop");
        await _world.RegisterAsync(service);
        var before = await _world.ProvisionedAsync(service);

        var patch = Patch.Merge("""{"metadata":{"labels":{"tailscale.com/managed":null}}}"""u8.ToArray());
        await _world.Client.For(KubernetesResources.StatefulSets).PatchAsync(LifecycleWorld.KeyOf(before.StatefulSets[0]), patch, cancellationToken: Cancelled);
        await _world.Client.For(KubernetesResources.Services).PatchAsync(LifecycleWorld.KeyOf(before.HeadlessServices[0]), patch, cancellationToken: Cancelled);

        var after = await _world.ProvisionedAsync(service);
        Assert.Equal(before.StatefulSets[0].Metadata.Uid, after.StatefulSets[0].Metadata.Uid);
        Assert.Equal(before.HeadlessServices[0].Metadata.Uid, after.HeadlessServices[0].Metadata.Uid);
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task A_foreign_object_that_has_the_name_of_a_proxys_is_left_alone_and_named_in_the_condition()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(_world.Web, "shop");
        var secrets = _world.Client.For(KubernetesResources.Secrets);
        var key = new ObjectKey(_world.OperatorNamespace, ProxyNames.Replica(ProxyNames.For("shop", service.Metadata.Uid!), 0));
        var foreign = await secrets.CreateAsync(
            new Secret { Metadata = new ObjectMeta { Namespace = key.Namespace, Name = key.Name } }, cancellationToken: Cancelled);

        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/expose":"true"}}}""");

        var condition = await _world.ConditionAsync(service, ServiceConditions.ProxyReady, found => found.Reason == ServiceConditions.Failed);
        Assert.Contains($"another Secret {key}", condition.Message, StringComparison.Ordinal);
        Assert.Contains("tailscale.com/managed=true", condition.Message, StringComparison.Ordinal);
        Assert.Equal(foreign.Metadata.ResourceVersion, (await secrets.GetAsync(key, Cancelled)).Metadata.ResourceVersion);
        await secrets.DeleteAsync(key, cancellationToken: Cancelled);
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task Two_Services_of_one_name_have_nothing_in_common()
    {
        _world.StartOperator();
        var elsewhere = await _world.CreateNamespaceAsync("web-");
        var one = await ExposeAsync("shop");
        var other = await _world.CreateAsync(elsewhere, "shop", ServiceAnnotations.Expose, "true");
        var (oneDevice, otherDevice) = (await _world.RegisterAsync(one), await _world.RegisterAsync(other));

        await _world.DeleteAsync(one, oneDevice);

        await _world.ProvisionedAsync(other);
        Assert.NotNull(_world.Tailnet.Devices.Find(otherDevice.NodeId));
        await _world.DeleteAsync(other, otherDevice);
        await _world.Client.For(KubernetesResources.Namespaces).TryDeleteAsync(new ObjectKey("", elsewhere), cancellationToken: Cancelled);
    }

    [Fact]
    public async Task A_proxy_of_the_upstream_operator_is_taken_over_without_a_write_and_follows_later_changes()
    {
        var upstream = await UpstreamProxy.CreateAsync(_world, "shop");
        var before = await _world.ProvisionedAsync(upstream.Parent);

        _world.StartOperator();
        await _world.ConditionAsync(upstream.Parent, ServiceConditions.ProxyRunning, condition => condition.Status == "True");
        var taken = await _world.ProvisionedAsync(upstream.Parent);
        Assert.Equal(before.HeadlessServices[0].Metadata.ResourceVersion, taken.HeadlessServices[0].Metadata.ResourceVersion);
        Assert.Equal(before.Secrets[0].Metadata.ResourceVersion, taken.Secrets[0].Metadata.ResourceVersion);

        // The version alone would also move with the status, which the StatefulSet's own controller writes.
        Assert.Equal(before.StatefulSets[0].Metadata.Generation, taken.StatefulSets[0].Metadata.Generation);
        Assert.DoesNotContain(taken.StatefulSets[0].Metadata.ManagedFields!, entry => entry.Manager == OperatorHost.FieldManager);
        Assert.Empty(_world.Tailnet.Keys.Snapshot());

        await _world.PatchAsync(upstream.Parent, """{"spec":{"type":"ExternalName","externalName":"db.example.com","selector":null}}""");
        await _world.UntilAsync(
            "the proxy has the new target",
            async () => Variable((await _world.ChildrenAsync(upstream.Parent)).StatefulSets[0], "TS_EXPERIMENTAL_DEST_DNS_NAME") == "db.example.com");
        await _world.UntilAsync(
            "the old target is gone",
            async () => (await _world.ChildrenAsync(upstream.Parent)).StatefulSets[0] is { Spec.Template.Metadata.Annotations: var annotations } set
                && Variable(set, "TS_DEST_IP") is null
                && annotations!.Keys.SequenceEqual(["tailscale.com/operator-last-set-cluster-dns-name"]));
        var changed = await _world.ProvisionedAsync(upstream.Parent);
        Assert.Equal(before.StatefulSets[0].Metadata.Uid, changed.StatefulSets[0].Metadata.Uid);
        Assert.Equal("auto", Variable(changed.StatefulSets[0], "TS_DEBUG_FIREWALL_MODE"));
        await _world.DeleteAsync(upstream.Parent, upstream.Device);
    }

    private static string? Variable(StatefulSet set, string name) =>
        set.Spec!.Template!.Spec!.Containers![0].Env!.SingleOrDefault(variable => variable.Name == name)?.Value;

    private Task<Service> ExposeAsync(string name) => _world.CreateAsync(_world.Web, name, ServiceAnnotations.Expose, "true");

    private async Task<System.Text.Json.Nodes.JsonNode> ConfigAsync(Service service) =>
        LifecycleWorld.Config((await _world.ChildrenAsync(service)).Secrets.Single());
}
