using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;
using Fairlead.Operator.Resources.ProxyClasses;
using Fairlead.Operator.Tests.Planning;

namespace Fairlead.Operator.Tests.ProxyClasses;

public sealed class ProxyClassPlanTests
{
    private const string Group = "ProxyClasses";

    public static TheoryData<string> Cases => GoldenCase.Names(Group);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_is_as_recorded(string name)
    {
        var golden = GoldenCase.Of(Group, name);

        var plan = ProxyClassPlan.For(Snapshot(golden.Snapshot));

        golden.Check(PlanText.Of(plan, TailscaleResources.ProxyClasses));
    }

    private static ProxyClassSnapshot Snapshot(JsonObject text) => new()
    {
        Class = Class(text["class"]!),
        ReadyClasses = [.. (text["readyClasses"] as JsonArray ?? []).Select(other => Class(other!))],
        ServiceMonitorsInstalled = (bool?)text["serviceMonitorsInstalled"],
        ClusterNodePorts = (string?)text["clusterNodePorts"] is { } range ? NodePortRange.Parse(range) : null,
        Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
    };

    private static ProxyClass Class(JsonNode text) => text.Deserialize(TailscaleResources.ProxyClasses.Json)!;
}
