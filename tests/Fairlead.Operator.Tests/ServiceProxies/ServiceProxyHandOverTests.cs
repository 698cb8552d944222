using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tests.CustomResourceDefinitions;

namespace Fairlead.Operator.Tests.ServiceProxies;

/// <summary>What becomes of the proxy of a Service that is given to a ProxyGroup, and of one that lost track of its Service.</summary>
[Collection(nameof(ClusterWideOperators))]
public sealed class ServiceProxyHandOverTests(DefinedCluster cluster) : IClassFixture<DefinedCluster>, IAsyncLifetime
{
    private const string GiveToEdge = """{"metadata":{"annotations":{"tailscale.com/proxy-group":"edge"}}}""";

    private LifecycleWorld _world = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await LifecycleWorld.StartAsync(cluster);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task The_proxy_goes_when_the_ProxyGroup_serves_the_Service_and_comes_back_with_it()
    {
        var (service, device) = await RunningAsync();

        await _world.PatchAsync(service, GiveToEdge);
        await _world.ServeByGroupAsync(service, "edge", ServiceConditions.GroupIngressConfigured);

        Assert.Contains("ProxyGroup \"edge\"", (await _world.EventAsync(service, ServiceConditions.HandedOverEvent)).Message, StringComparison.Ordinal);
        await _world.NothingIsLeftAsync(service, device);
        await OurConditionsAreGoneAsync(service);
        Assert.Equal(ServiceConditions.GroupIngressConfigured, Assert.Single((await _world.GetAsync(service)).Status!.Conditions!).Type);
        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/proxy-group":null}}}""");
        await _world.ProvisionedAsync(service);
        await _world.DeleteAsync(service);
    }

    [Fact]
    public async Task The_proxy_stays_while_the_ProxyGroup_does_not_exist_and_goes_with_the_Service_all_the_same()
    {
        var (service, device) = await RunningAsync();

        await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/proxy-group":"egde"}}}""");

        var condition = await _world.ConditionAsync(service, ServiceConditions.ProxyReady, found => found.Reason == ServiceConditions.Pending);
        Assert.Contains("ProxyGroup \"egde\" does not exist", condition.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await _world.EventAsync(service, ServiceConditions.HandOverWaitsEvent)).Count);
        await _world.AddConditionAsync(service, ServiceConditions.GroupIngressConfigured);
        await _world.ProvisionedAsync(service);
        Assert.NotNull(_world.Tailnet.Devices.Find(device.NodeId));
        await _world.DeleteAsync(service, device);
    }

    [Fact]
    public async Task A_load_balancer_no_longer_announces_the_device_that_was_removed()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(
            _world.Web, "lb", spec: new ServiceSpec { Type = "LoadBalancer", LoadBalancerClass = "tailscale", Ports = [new ServicePort { Port = 80 }] });
        var device = await _world.RegisterAsync(service);
        await _world.ConditionAsync(service, ServiceConditions.ProxyReady, condition => condition.Status == "True");

        await _world.PatchAsync(service, GiveToEdge);
        await _world.ServeByGroupAsync(service, "edge", ServiceConditions.GroupIngressConfigured);

        await _world.NothingIsLeftAsync(service, device);
        await OurConditionsAreGoneAsync(service);
        Assert.Empty((await _world.GetAsync(service)).Status?.LoadBalancer?.Ingress ?? []);
    }

    [Fact]
    public async Task The_finalizer_of_a_ProxyGroups_egress_Service_stays_when_stale_conditions_go()
    {
        var service = await _world.CreateAsync(_world.Web, "db", ServiceAnnotations.TailnetFqdn, "db.example.ts.net");
        await _world.PatchAsync(service, """{"metadata":{"finalizers":["tailscale.com/finalizer"],"annotations":{"tailscale.com/proxy-group":"edge"}}}""");
        await SetConditionsAsync(service, "TailscaleEgressSvcReady", ServiceConditions.ProxyReady);

        _world.StartOperator();

        await OurConditionsAreGoneAsync(service);
        Assert.Equal([ServiceProxyPlan.Finalizer], (await _world.GetAsync(service)).Metadata.Finalizers ?? []);
        await _world.PatchAsync(service, """{"metadata":{"finalizers":null}}""");
    }

    [Theory]
    [InlineData(ServiceConditions.ProxyReady)]
    [InlineData(ServiceConditions.ProxyRunning)]
    public async Task A_condition_that_is_left_of_a_removal_goes(string type)
    {
        var service = await _world.CreateAsync(_world.Web, "plain");
        await SetConditionsAsync(service, type);

        _world.StartOperator();

        await OurConditionsAreGoneAsync(service);
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("un-expose")]
    [InlineData("hand over")]
    public async Task What_a_user_does_while_the_operator_is_down_that_was_killed_before_its_first_status_is_seen(string what)
    {
        var (service, device) = await RunningAsync();
        await _world.StopOperatorAsync();
        await _world.PatchAsync(service, """{"metadata":{"finalizers":null}}""");
        await SetConditionsAsync(service);

        switch (what)
        {
            case "delete":
                await _world.Services.DeleteAsync(LifecycleWorld.KeyOf(service), cancellationToken: Cancelled);
                break;
            case "un-expose":
                await _world.PatchAsync(service, """{"metadata":{"annotations":{"tailscale.com/expose":null}}}""");
                break;
            default:
                await _world.PatchAsync(service, GiveToEdge);
                await SetConditionsAsync(service, "example.com/other");
                await _world.ServeByGroupAsync(service, "edge", ServiceConditions.GroupIngressConfigured);
                break;
        }

        _world.StartOperator();
        await _world.NothingIsLeftAsync(service, device);
    }

    [Fact]
    public async Task A_Service_that_is_handed_over_and_deleted_without_our_finalizer_leaves_nothing()
    {
        var (service, device) = await RunningAsync();
        await _world.StopOperatorAsync();
        await _world.PatchAsync(service, """{"metadata":{"finalizers":["example.com/pg"],"annotations":{"tailscale.com/proxy-group":"edge"}}}""");
        await _world.Services.TryDeleteAsync(LifecycleWorld.KeyOf(service), cancellationToken: Cancelled);

        _world.StartOperator();

        await OurConditionsAreGoneAsync(service);
        await _world.PatchAsync(service, """{"metadata":{"finalizers":null}}""");
        await _world.NothingIsLeftAsync(service, device);
    }

    private async Task<(Service Service, TailnetDevice Device)> RunningAsync()
    {
        _world.StartOperator();
        var service = await _world.CreateAsync(_world.Web, "shop", ServiceAnnotations.Expose, "true");
        var device = await _world.RegisterAsync(service);
        await _world.ConditionAsync(service, ServiceConditions.ProxyRunning, condition => condition.Status == "True");
        return (service, device);
    }

    private async Task SetConditionsAsync(Service service, params string[] types)
    {
        var key = LifecycleWorld.KeyOf(service);
        await _world.Services.PatchAsync(
            key, Patch.Merge("""{"status":{"conditions":null}}"""u8.ToArray()), new WriteOptions { Subresource = "status" }, Cancelled);
        var seen = await _world.GetAsync(service);
        if (types.Length > 0)
        {
            await _world.Services.UpdateAsync(
                seen with
                {
                    Status = (seen.Status ?? new ServiceStatus()) with
                    {
                        Conditions = [.. types.Select(type => new Condition { Type = type, Status = "True", Reason = "Test", Message = "", LastTransitionTime = DateTimeOffset.UnixEpoch })],
                    },
                },
                new WriteOptions { Subresource = "status" },
                Cancelled);
        }
    }

    private Task OurConditionsAreGoneAsync(Service service) => _world.UntilAsync(
        "the operator's conditions are gone",
        async () => (await _world.GetAsync(service)).Status?.Conditions?.Any(
            condition => condition.Type is ServiceConditions.ProxyReady or ServiceConditions.ProxyRunning) != true);
}
