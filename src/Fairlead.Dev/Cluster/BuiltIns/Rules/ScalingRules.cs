using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>HorizontalPodAutoscalers and PodDisruptionBudgets.</summary>
internal static class ScalingRules
{
    // The API's default target when no metric is given: 80 % of the requested CPU.
    private const int DefaultUtilization = 80;

    public static void Prepare(JsonObject autoscaler, JsonObject? old)
    {
        var spec = autoscaler.Ensure("spec");
        if (spec.Array("metrics") is not { Count: > 0 })
        {
            spec["metrics"] = new JsonArray(new JsonObject
            {
                ["type"] = "Resource",
                ["resource"] = new JsonObject
                {
                    ["name"] = "cpu",
                    ["target"] = new JsonObject { ["type"] = "Utilization", ["averageUtilization"] = DefaultUtilization },
                },
            });
        }

        if (old is null)
            autoscaler["status"] = new JsonObject { ["currentMetrics"] = null, ["desiredReplicas"] = 0 };
    }

    public static void CheckAutoscaler(JsonObject autoscaler, JsonObject? old, Problems problems)
    {
        var spec = autoscaler.Object("spec") ?? [];
        if (spec.Integer("minReplicas") is { } least and < 1)
            problems.Invalid("spec.minReplicas", least, "must be greater than or equal to 1");
        if (spec.Integer("maxReplicas") is { } most)
        {
            if (most < 1)
                problems.Required("spec.maxReplicas", "must be set and greater than 0");
            if (most < (spec.Integer("minReplicas") ?? 1))
                problems.Invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`");
        }

        problems.RequiredText(spec.Object("scaleTargetRef"), "spec.scaleTargetRef", "kind");
        problems.RequiredText(spec.Object("scaleTargetRef"), "spec.scaleTargetRef", "name");
        if (spec.Object("scaleTargetRef").Text("apiVersion")?.Contains('/', StringComparison.Ordinal) != true)
            problems.Invalid("spec.scaleTargetRef.apiVersion", spec.Object("scaleTargetRef")?["apiVersion"] ?? "", "apiVersion must specify API group");
        foreach (var (i, metric) in spec.Indexed("metrics"))
            CheckMetric(metric, $"spec.metrics[{i}]", problems);
    }

    public static void CheckDisruptionBudget(JsonObject budget, JsonObject? old, Problems problems)
    {
        var spec = budget.Object("spec") ?? [];
        if (spec["minAvailable"] is not null && spec["maxUnavailable"] is not null)
            problems.Invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set");
        WorkloadRules.CheckIntOrPercent(spec["minAvailable"], "spec.minAvailable", problems);
        WorkloadRules.CheckIntOrPercent(spec["maxUnavailable"], "spec.maxUnavailable", problems);
        SelectorRules.Selector(spec.Object("selector"), "spec.selector", problems);
    }

    private static void CheckMetric(JsonObject metric, string path, Problems problems)
    {
        string[] kinds = ["object", "pods", "resource", "containerResource", "external"];
        if (metric.Text("type") is not { Length: > 0 } type)
        {
            problems.RequiredText(metric, path, "type", "must specify a metric source type");
            return;
        }

        var member = char.ToLowerInvariant(type[0]) + type[1..];
        if (!kinds.Contains(member))
            problems.NotSupported($"{path}.type", type, "ContainerResource", "External", "Object", "Pods", "Resource");
        else if (metric.Object(member) is null)
            problems.Required($"{path}.{member}", "must populate information for the given metric source");
        foreach (var other in kinds.Where(k => k != member && metric.Object(k) is not null))
            problems.Forbidden($"{path}.{other}", "must populate the given metric source only");
    }
}
