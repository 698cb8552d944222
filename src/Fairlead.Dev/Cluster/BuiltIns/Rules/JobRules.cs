using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Jobs and CronJobs.</summary>
internal static class JobRules
{
    private const int DefaultBackoffLimit = 6;

    // A Job's Pods are told apart by its uid, so names in these labels are the server's to set.
    private const string UidLabel = "batch.kubernetes.io/controller-uid";

    public static void PrepareJob(JsonObject job, JsonObject? old)
    {
        var spec = job.Ensure("spec");
        DefaultSpec(spec);
        if (old is not null)
        {
            if (spec["selector"] is null && old.Object("spec")?["selector"] is { } selector)
                spec["selector"] = selector.DeepClone();
            return;
        }

        spec["manualSelector"] ??= false;
        if (spec.Flag("manualSelector") == true || job.Uid().Length == 0)
            return;
        var labels = spec.Ensure("template").Ensure("metadata").Ensure("labels");
        foreach (var prefix in (ReadOnlySpan<string>)["", "batch.kubernetes.io/"])
        {
            labels[$"{prefix}controller-uid"] = job.Uid();
            labels[$"{prefix}job-name"] = job.Name();
        }

        if (job.Object("metadata").Object("labels") is not { Count: > 0 })
            job.Ensure("metadata")["labels"] = labels.DeepClone();
        spec["selector"] ??= new JsonObject { ["matchLabels"] = new JsonObject { [UidLabel] = job.Uid() } };
    }

    public static void PrepareCronJob(JsonObject job, JsonObject? old) => DefaultTemplate(job.Ensure("spec").Ensure("jobTemplate").Ensure("spec"));

    public static void CheckJob(JsonObject job, JsonObject? old, Problems problems)
    {
        var spec = job.Object("spec") ?? [];
        CheckSpec(spec, "spec", problems);
        if (spec.Object("selector") is { } selector &&
            !LabelMatcher.Matches(selector, spec.Object("template").Object("metadata").Object("labels") ?? []))
        {
            problems.Invalid("spec.template.metadata.labels", spec.Object("template").Object("metadata").Object("labels"), "`selector` does not match template `labels`");
        }

        if (spec.Flag("manualSelector") == true && spec["selector"] is null)
            problems.Required("spec.selector");
        if (old?.Object("spec") is not { } oldSpec)
            return;

        foreach (var name in (ReadOnlySpan<string>)["completions", "selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"])
        {
            // A suspended Job that has not started may still change where its Pods run.
            if (name == "template" && oldSpec.Flag("suspend") == true && old.Object("status")?["startTime"] is null)
                continue;
            problems.Immutable($"spec.{name}", spec[name], oldSpec[name]);
        }
    }

    public static void CheckCronJob(JsonObject job, JsonObject? old, Problems problems)
    {
        var spec = job.Object("spec") ?? [];
        CheckSpec(spec.Object("jobTemplate").Object("spec") ?? [], "spec.jobTemplate.spec", problems);
        if (spec.Text("schedule") is not { Length: > 0 } schedule)
            problems.RequiredText(spec, "spec", "schedule");
        else if (!CronSchedule.IsValid(schedule))
            problems.Invalid("spec.schedule", schedule, "must have five fields: minute, hour, day of month, month, day of week; or be a macro such as @hourly");
        foreach (var name in (ReadOnlySpan<string>)["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"])
        {
            if (spec.Integer(name) is { } value and < 0)
                problems.Invalid($"spec.{name}", value, WorkloadRules.NonNegative);
        }
    }

    private static void DefaultSpec(JsonObject spec)
    {
        DefaultTemplate(spec);
        spec["backoffLimit"] ??= spec["backoffLimitPerIndex"] is null ? DefaultBackoffLimit : int.MaxValue;
        spec["podReplacementPolicy"] ??= spec["podFailurePolicy"] is null ? "TerminatingOrFailed" : "Failed";

        // Parallelism is filled in by the schema; without completions one success is wanted unless several Pods were asked for.
        if (spec["completions"] is null && spec.Integer("parallelism") == 1)
            spec["completions"] = 1;
    }

    private static void DefaultTemplate(JsonObject spec) => PodDefaults.ApplyToTemplate(spec.Object("template"));

    private static void CheckSpec(JsonObject spec, string path, Problems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex", "maxFailedIndexes"])
        {
            if (spec.Integer(name) is { } value and < 0)
                problems.Invalid($"{path}.{name}", value, WorkloadRules.NonNegative);
        }

        PodRules.CheckTemplate(spec.Object("template"), $"{path}.template", problems);
        if (spec.Object("template").Object("spec")?["restartPolicy"] is { } policy && policy.Text() == "Always")
            problems.Required($"{path}.template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\"");
        if (spec.Text("completionMode") == "Indexed" && spec["completions"] is null)
            problems.Required($"{path}.completions", "when completion mode is Indexed");
        SelectorRules.Selector(spec.Object("selector"), $"{path}.selector", problems);
    }
}
