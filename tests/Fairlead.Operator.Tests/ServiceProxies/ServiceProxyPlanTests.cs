using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
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
    [InlineData("HTTP 403", "HTTP 503", false)]
    [InlineData("hostname web-1 is reserved", "hostname shop-v2 is reserved", false)]
    [InlineData("image quay.io/team/proxy:v1.2.3 is not signed", "image quay.io/team/proxy:v1.3.0 is not signed", false)]
    [InlineData("dial tcp 10.0.0.1:443: connect: connection refused", "dial tcp 192.168.7.9:6443: connect: connection refused", false)]
    [InlineData("read tcp 10.0.0.1:40122->10.9.0.1:443: reset by peer", "read tcp 10.0.0.1:51876->10.9.0.1:443: reset by peer", true)]
    [InlineData("Secret \"db2\" is invalid: hostname web-1 is reserved", "Secret \"db2\" is invalid: hostname shop-v2 is reserved", false)]
    [InlineData("at 2026-03-01T12:00:00Z: x (1f0c9a52-8d3e-4b67-9a01-5c2d7e8f9a10)", "at 2026-03-01T12:00:31.5Z: x (0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d)", true)]
    [InlineData("request-id: abc123; context deadline exceeded after 1m30.5s", "request-id: def9; context deadline exceeded after 200ms", true)]
    [InlineData("the request needs 2 replicas", "the request needs 3 replicas", false)]
    public void A_failure_that_only_differs_in_requests_and_times_from_the_one_before_changes_no_status(string before, string now, bool same)
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "expose-new").Snapshot);
        var first = Failed(snapshot, 1, before);

        var second = Failed(snapshot with { Service = first }, 1, now);

        Assert.Equal(same, first.Status!.Conditions!.SequenceEqual(second.Status!.Conditions!));
        Assert.Contains(same ? before : now, second.Status.Conditions![0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('a')]
    [InlineData('7')]
    public void A_failure_with_a_very_long_word_is_compared_at_once(char letter)
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "expose-new").Snapshot);
        var message = $"request {new string(letter, 128_000)}";
        var first = Failed(snapshot, 1, message);

        var started = Stopwatch.GetTimestamp();
        Failed(snapshot with { Service = first }, 1, message);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void A_removal_whose_Pod_nobody_deletes_says_so_after_a_minute()
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "unexpose-pod-left").Snapshot);

        var early = ServiceProxyPlan.For(snapshot with { Now = snapshot.Now.AddSeconds(-30) });
        var late = ServiceProxyPlan.For(snapshot);

        Assert.Equal("Removing", Running(early).Reason);
        Assert.Equal(TimeSpan.FromSeconds(30), early.RequeueAfter);
        Assert.Equal("PodNotDeleted", Running(late).Reason);
        Assert.Single(late.Events);
    }

    [Fact]
    public void A_removal_that_begins_with_a_proxy_that_never_ran_counts_its_time_from_then()
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "unexpose-recorded-first").Snapshot);
        var starting = new Condition
        {
            Type = ServiceConditions.ProxyRunning,
            Status = "False",
            Reason = "Starting",
            Message = "",
            LastTransitionTime = snapshot.Now.AddDays(-1),
        };
        var service = snapshot.Service with { Status = snapshot.Service.Status! with { Conditions = [starting] } };

        var begun = Running(ServiceProxyPlan.For(snapshot with { Service = service }));

        Assert.Equal(("Removing", snapshot.Now), (begun.Reason, begun.LastTransitionTime));
    }

    [Theory]
    [InlineData("foregroundDeletion")]
    [InlineData("orphan")]
    public void A_StatefulSet_that_the_garbage_collector_holds_is_no_obstacle_while_its_Pods_have_time_to_end(string finalizer)
    {
        var snapshot = Snapshot(GoldenCase.Of(Group, "unexpose-statefulset-not-ending").Snapshot);
        var set = snapshot.Children.StatefulSets[0];
        var pod = Snapshot(GoldenCase.Of(Group, "unexpose-pod-not-ending").Snapshot).Children.Pods[0];
        var children = snapshot.Children with
        {
            StatefulSets = [set with { Metadata = set.Metadata with { Finalizers = [finalizer] } }],
            Pods = [pod with { Metadata = pod.Metadata with { DeletionTimestamp = snapshot.Now.AddMinutes(4) } }],
        };

        var within = ServiceProxyPlan.For(snapshot with { Children = children });
        var beyond = ServiceProxyPlan.For(snapshot with { Children = children, Now = snapshot.Now.AddMinutes(5) });

        Assert.Equal("Removing", Running(within).Reason);
        Assert.Equal(TimeSpan.FromMinutes(5), within.RequeueAfter);
        Assert.Equal("PodNotEnding", Running(beyond).Reason);
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

    private static Condition Running(ReconcilePlan<Service> plan) =>
        plan.Status!(PlanOutcome.Success).Status!.Conditions!.Single(condition => condition.Type == ServiceConditions.ProxyRunning);

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
            ProxyGroupExists = (bool?)text["proxyGroupExists"],
            ProxyName = "ts-web-b4x7z",
            Now = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero),
        };
    }

    private static ProxyClassChoice Choice(JsonObject text) => new(
        (string)text["name"]!, (string?)text["problem"] is { } problem ? Enum.Parse<ProxyClassProblem>(problem) : null)
    {
        Class = text["class"]?.Deserialize(TailscaleResources.ProxyClasses.Json),
        Obstacle = (string?)text["obstacle"],
    };

    private static OperatorSettings Settings(JsonObject text) => new()
    {
        Namespace = "tailscale",
        LoginServer = (string?)text["loginServer"] ?? "",
        ProxyEngine = Enum.Parse<ProxyEngine>((string?)text["proxyEngine"] ?? nameof(ProxyEngine.Tailscaled)),
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
