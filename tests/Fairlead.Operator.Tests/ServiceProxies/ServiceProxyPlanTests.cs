using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.Resources;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tests.Planning;

namespace Fairlead.Operator.Tests.ServiceProxies;

public sealed class ServiceProxyPlanTests
{
    private const string Group = "ServiceProxies";

    public static TheoryData<string> Cases => GoldenCase.Names(Group);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Plan_is_as_recorded(string name)
    {
        var golden = GoldenCase.Of(Group, name);

        var plan = ServiceProxyPlan.For(Snapshot(golden.Snapshot));

        golden.Check(PlanText.Of(plan, KubernetesResources.Services));
    }

    [Theory]
    [InlineData("request 7f3a-01 timed out after 30.02 s", "request 9b21-55 timed out after 29.7 s", true)]
    [InlineData("request 7f3a-01 timed out after 30.02 s", "request 7f3a-01 was refused", false)]
    public void A_failure_that_only_differs_in_numbers_from_the_one_before_changes_no_status(string before, string now, bool same)
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "expose-new").Snapshot);
        var first = Failed(snapshot, 1, before);

        var second = Failed(snapshot with { Service = first }, 1, now);

        Assert.Equal(same, first.Status!.Conditions!.SequenceEqual(second.Status!.Conditions!));
        Assert.Contains(same ? before : now, second.Status.Conditions![0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_failure_of_another_step_is_told_even_if_only_its_objects_number_differs()
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "expose-new").Snapshot);
        var first = Failed(snapshot, 1, "timed out");

        var second = Failed(snapshot with { Service = first }, 3, "timed out");

        Assert.NotEqual(first.Status!.Conditions![0].Message, second.Status!.Conditions![0].Message);
    }

    private static Service Failed(ServiceSnapshot snapshot, int step, string message)
    {
        var plan = ServiceProxyPlan.For(snapshot);
        return plan.Status!(new PlanOutcome(new StepFailure(plan.Steps[step], new InvalidOperationException(message))));
    }

    private static ServiceSnapshot Snapshot(JsonObject text)
    {
        var children = text["children"] as JsonObject ?? [];
        return new ServiceSnapshot
        {
            Service = text["service"].Deserialize(KubernetesResources.Services.Json)!,
            Settings = Settings(text["settings"] as JsonObject ?? []),
            Children = new ProxyChildren
            {
                HeadlessServices = [.. List(children, "headlessServices", KubernetesResources.Services)],
                Secrets = [.. List(children, "secrets", KubernetesResources.Secrets)],
                StatefulSets = [.. List(children, "statefulSets", KubernetesResources.StatefulSets)],
                MetricsServices = [.. List(children, "metricsServices", KubernetesResources.Services)],
                Pod = List(children, "pods", KubernetesResources.Pods).FirstOrDefault(),
                Pods = [.. List(children, "pods", KubernetesResources.Pods)],
                PodRefusal = (string?)children["podRefusal"],
            },
            ProxyClass = text["proxyClass"] is JsonObject choice
                ? Choice(choice)
                : ProxyClassChoice.None,
            ProxyName = "ts-web-b4x7z",
            Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        };
    }

    private static ProxyClassChoice Choice(JsonObject text) => new(
        (string)text["name"]!, (string?)text["problem"] is { } problem ? Enum.Parse<ProxyClassProblem>(problem) : null)
    {
        Class = text["class"]?.Deserialize(TailscaleResources.ProxyClasses.Json),
    };

    private static OperatorSettings Settings(JsonObject text) => new()
    {
        Namespace = "tailscale",
        LoginServer = (string?)text["loginServer"] ?? "",
        ProxyFirewallMode = (string?)text["proxyFirewallMode"] ?? "auto",
        ProxyPriorityClassName = (string?)text["proxyPriorityClassName"] ?? "",
        DefaultLoadBalancer = (bool?)text["defaultLoadBalancer"] ?? false,
        ClusterDomain = (string?)text["clusterDomain"] ?? "cluster.local",
    };

    /// <summary>Objects as in manifests, so that Secrets can be written with <c>stringData</c>.</summary>
    private static IEnumerable<T> List<T>(JsonObject children, string member, ResourceType<T> type)
        where T : class, IKubernetesObject
    {
        foreach (var item in children[member] as JsonArray ?? [])
        {
            if (item!["stringData"] is JsonObject plain)
            {
                item["data"] = new JsonObject(plain.Select(entry => KeyValuePair.Create(
                    entry.Key, (JsonNode?)JsonValue.Create(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes((string)entry.Value!))))));
                ((JsonObject)item).Remove("stringData");
            }

            yield return item.Deserialize(type.Json)!;
        }
    }
}
