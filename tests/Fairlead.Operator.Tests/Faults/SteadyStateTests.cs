using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Operator.Resources;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.Tests.Faults;

/// <summary>An operator that has nothing to do writes nothing.</summary>
public sealed class SteadyStateTests : FaultTest
{
    [Fact]
    public async Task Neither_a_new_look_at_everything_nor_a_new_operator_writes_to_what_has_settled()
    {
        var running = World.StartOperator();
        var (exposed, balanced, egress) = (World.NewName(), World.NewName(), World.NewName());
        World.Services.CreateExposed(exposed);
        World.Services.CreateLoadBalancer(balanced);
        World.Services.CreateEgress(egress);
        string[] settled = [exposed, balanced, egress];
        foreach (var name in settled)
        {
            await World.UntilUpAsync(name);
        }

        // What is up may have its last condition still on the way: another round, and it is there.
        var fence = World.NewName();
        World.Services.CreateExposed(fence);
        await World.UntilUpAsync(fence);
        await World.RemoveAsync(fence);

        await AssertNoWritesAsync(settled, () =>
        {
            World.Cluster.CompactHistory();
            World.Cluster.Faults.CutWatches(OperatorWorld.OfOperators);
            foreach (var name in settled)
            {
                World.Services.Annotate(name, "tailscale.com/looked-at", "again");
            }
        });

        await running.StopAsync();
        await AssertNoWritesAsync(settled, () => World.StartOperator());
        Assert.Empty(World.Proxies.Refused);
    }

    [Fact]
    public async Task An_operator_that_cannot_list_ProxyClasses_yet_leaves_Services_that_use_one_as_they_are_and_tells_new_ones()
    {
        var type = TailscaleResources.ProxyClasses;
        World.Cluster.Api.Create(type.Group, type.Plural, null, new JsonObject
        {
            ["apiVersion"] = type.ApiVersion,
            ["kind"] = type.Kind,
            ["metadata"] = new JsonObject { ["name"] = "plain" },
            ["spec"] = new JsonObject(),
        });
        var running = World.StartOperator();
        var settled = CreateOfClass("plain");
        await World.UntilUpAsync(settled);
        await running.StopAsync();

        var match = new RequestMatch { Resource = "proxyclasses", UserAgent = OperatorWorld.OfOperators.UserAgent };
        World.Cluster.Faults.Add(match, new FaultEffect.Fail(500, "InternalError"), times: int.MaxValue);
        await AssertNoWritesAsync([settled], () => World.StartOperator());
        var late = CreateOfClass("plain");
        await World.UntilConditionAsync(late, ServiceConditions.ProxyReady, "False ProxyPending ProxyClass \"plain\" cannot be looked up");

        World.Cluster.Faults.Clear();
        await World.UntilUpAsync(late);
        var missing = CreateOfClass("gone");
        await World.UntilConditionAsync(missing, ServiceConditions.ProxyReady, "False ProxyFailed ProxyClass \"gone\" does not exist");
    }

    private string CreateOfClass(string proxyClass)
    {
        var name = World.NewName();
        World.Services.Create(
            name, ("tailscale.com/expose", "true"), service => service["metadata"]!["annotations"]!["tailscale.com/proxy-class"] = proxyClass);
        return name;
    }

    /// <summary>A Service that comes last is up when the operator is done with what came before.</summary>
    private async Task AssertNoWritesAsync(string[] settled, Action disturb)
    {
        var before = World.Requests.Count;
        var states = settled.Select(World.State.Of).ToList();
        disturb();
        var last = World.NewName();
        World.Services.CreateExposed(last);
        await World.UntilUpAsync(last);

        Assert.DoesNotContain(World.Requests.Writes(before), write => settled.Any(name => write.Contains(name, StringComparison.Ordinal)));
        Assert.Equal(states, settled.Select(World.State.Of));
        await World.RemoveAsync(last);
    }
}
