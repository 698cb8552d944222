using System.Globalization;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What the <c>apps</c> workloads must satisfy.</summary>
internal static class WorkloadRules
{
    private static readonly string[] ChangeableStatefulSetFields =
        ["replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy", "minReadySeconds"];

    public static void CheckStatefulSet(JsonObject obj, JsonObject? old, Problems problems)
    {
        var spec = obj.Object("spec") ?? [];
        CheckWorkload(spec, "statefulset", "StatefulSet", problems);
        if (spec.Text("serviceName") is { Length: > 0 } service)
            problems.Check("spec.serviceName", service, Names.DnsLabel(service));
        if (spec.Object("ordinals").Integer("start") is { } start and < 0)
            problems.Invalid("spec.ordinals.start", start, NonNegative);
        if (spec.Object("updateStrategy").Object("rollingUpdate").Integer("partition") is { } partition and < 0)
            problems.Invalid("spec.updateStrategy.rollingUpdate.partition", partition, NonNegative);
        if (spec.Object("updateStrategy").Text("type") == "OnDelete" && spec.Object("updateStrategy")?["rollingUpdate"] is { } rolling)
            problems.Invalid("spec.updateStrategy.rollingUpdate", rolling, "only allowed for updateStrategy 'RollingUpdate'");
        if (old?.Object("spec") is { } oldSpec && !JsonNode.DeepEquals(WithoutChangeable(spec), WithoutChangeable(oldSpec)))
        {
            problems.Forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', " +
                "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden");
        }
    }

    public static void CheckDeployment(JsonObject obj, JsonObject? old, Problems problems)
    {
        var spec = obj.Object("spec") ?? [];
        CheckWorkload(spec, "deployment", "Deployment", problems);
        CheckRolling(spec.Object("strategy"), "spec.strategy", "Recreate", problems);
        if (spec.Integer("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Integer("minReadySeconds") ?? 0))
            problems.Invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds");
        if (old?.Object("spec") is { } oldSpec)
            problems.Immutable("spec.selector", spec["selector"], oldSpec["selector"]);
    }

    public static void CheckReplicaSet(JsonObject obj, JsonObject? old, Problems problems)
    {
        var spec = obj.Object("spec") ?? [];
        CheckWorkload(spec, "deployment", "ReplicaSet", problems);
        if (old?.Object("spec") is { } oldSpec)
            problems.Immutable("spec.selector", spec["selector"], oldSpec["selector"]);
    }

    public static void CheckDaemonSet(JsonObject obj, JsonObject? old, Problems problems)
    {
        var spec = obj.Object("spec") ?? [];
        CheckWorkload(spec, "daemonset", "DaemonSet", problems);
        if (old?.Object("spec") is { } oldSpec)
            problems.Immutable("spec.selector", spec["selector"], oldSpec["selector"]);
    }

    public static void CheckReplicationController(JsonObject obj, JsonObject? old, Problems problems)
    {
        var spec = obj.Object("spec") ?? [];
        CheckNumbers(spec, problems);
        var labels = spec.Object("template").Object("metadata").Object("labels");
        if (spec.Object("selector") is not { Count: > 0 } selector)
            problems.Required("spec.selector");
        else if (!LabelMatcher.Contains(labels, selector))
            problems.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        if (spec.Object("template") is null)
            problems.Required("spec.template");
        else
            CheckTemplate(spec, "ReplicationController", problems);
    }

    public static void CheckControllerRevision(JsonObject obj, JsonObject? old, Problems problems)
    {
        if (obj["data"] is null)
            problems.Required("data", "data is mandatory");
        if (obj.Integer("revision") is { } revision and < 0)
            problems.Invalid("revision", revision, NonNegative);
        if (old is not null)
            problems.Immutable("data", obj["data"], old["data"]);
    }

    /// <summary>A number that must not be negative.</summary>
    public const string NonNegative = "must be greater than or equal to 0";

    private static void CheckWorkload(JsonObject spec, string noun, string kind, Problems problems)
    {
        CheckNumbers(spec, problems);
        if (spec.Object("selector") is { } selector)
        {
            SelectorRules.Selector(selector, "spec.selector", problems);
            if (LabelMatcher.IsEmpty(selector))
                problems.Invalid("spec.selector", selector, $"empty selector is invalid for {noun}");
            else if (spec.Object("template").Object("metadata").Object("labels") is var own && !LabelMatcher.Matches(selector, own ?? []))
                problems.Invalid("spec.template.metadata.labels", own ?? [], "`selector` does not match template `labels`");
        }

        else if (spec.Object("template").Object("metadata").Object("labels") is { } labels)
        {
            problems.Invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`");
        }

        CheckTemplate(spec, kind, problems);
    }

    private static void CheckTemplate(JsonObject spec, string kind, Problems problems)
    {
        var template = spec.Object("template");
        PodRules.CheckTemplate(template, "spec.template", problems);
        if (template.Object("spec")?["restartPolicy"] is { } policy && policy.Text() != "Always")
            problems.NotSupported("spec.template.spec.restartPolicy", policy, "Always");
        if (template.Object("spec")?["activeDeadlineSeconds"] is not null)
            problems.Forbidden("spec.template.spec.activeDeadlineSeconds", $"activeDeadlineSeconds in {kind} is not Supported");
    }

    private static void CheckNumbers(JsonObject spec, Problems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["replicas", "minReadySeconds", "revisionHistoryLimit"])
        {
            if (spec.Integer(name) is { } value and < 0)
                problems.Invalid($"spec.{name}", value, NonNegative);
        }
    }

    private static void CheckRolling(JsonObject? strategy, string path, string other, Problems problems)
    {
        var rolling = strategy.Object("rollingUpdate");
        if (strategy.Text("type") == other)
        {
            if (rolling is not null)
                problems.Forbidden($"{path}.rollingUpdate", $"may not be specified when strategy `type` is '{other}'");
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)["maxUnavailable", "maxSurge"])
            CheckIntOrPercent(rolling?[name], $"{path}.rollingUpdate.{name}", problems);
        if (IsZero(rolling?["maxUnavailable"]) && IsZero(rolling?["maxSurge"]))
            problems.Invalid($"{path}.rollingUpdate.maxUnavailable", rolling!["maxUnavailable"], "may not be 0 when `maxSurge` is 0");
    }

    /// <summary>A count or a percentage such as <c>25%</c>.</summary>
    public static void CheckIntOrPercent(JsonNode? value, string path, Problems problems)
    {
        if (value.Integer() is < 0)
            problems.Invalid(path, value, NonNegative);
        else if (value.Text() is { } text && !(text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            problems.Invalid(path, value, "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')");
    }

    private static bool IsZero(JsonNode? value) => value.Integer() == 0 || value.Text() is "0%";

    private static JsonObject WithoutChangeable(JsonObject spec)
    {
        var rest = (JsonObject)spec.DeepClone();
        foreach (var name in ChangeableStatefulSetFields)
            rest.Remove(name);
        return rest;
    }
}
