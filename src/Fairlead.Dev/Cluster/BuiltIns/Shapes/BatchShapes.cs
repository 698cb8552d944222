using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.PodShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Group <c>batch</c>.</summary>
internal static class BatchShapes
{
    private static readonly SchemaNode FailureRule = Object(
        ("action!", OneOf("FailJob", "FailIndex", "Ignore", "Count")),
        ("onExitCodes", Object(("containerName", OptionalText), ("operator!", OneOf("In", "NotIn")), ("values!", SetOf(OptionalNumber32)))),
        ("onPodConditions", List(Object(("type!", Text), ("status", Text.KeepEmpty().Default("True"))))));

    // A CronJob's template stays as it was written; what is left open is filled in when a Job is made of it.
    private static readonly SchemaNode JobTemplateSpec = JobSpec(isTemplate: true);

    private static SchemaNode JobSpec(bool isTemplate) => Object(
        ("parallelism", (isTemplate ? OptionalNumber32 : OptionalNumber32.Default(1)).About("Most Pods at a time.")),
        ("completions", OptionalNumber32.About("Successful Pods wanted.")),
        ("activeDeadlineSeconds", OptionalNumber64),
        ("podFailurePolicy", Object(("rules!", List(FailureRule)))),
        ("successPolicy", Object(("rules!", List(Object(("succeededIndexes", OptionalText), ("succeededCount", OptionalNumber32)))))),
        ("backoffLimit", OptionalNumber32.About("Failures after which the Job fails.")),
        ("backoffLimitPerIndex", OptionalNumber32), ("maxFailedIndexes", OptionalNumber32),
        ("selector", LabelSelector), ("manualSelector", OptionalFlag),
        ("template!", PodTemplateSpec.Present().About("What the Pods look like.")),
        ("ttlSecondsAfterFinished", OptionalNumber32),
        ("completionMode", isTemplate ? OptionalOneOf("NonIndexed", "Indexed") : OptionalOneOf("NonIndexed", "Indexed").Default("NonIndexed")),
        ("suspend", isTemplate ? OptionalFlag : OptionalFlag.Default(false)),
        ("podReplacementPolicy", OptionalOneOf("TerminatingOrFailed", "Failed")),
        ("managedBy", OptionalText));

    public static readonly SchemaNode Job = Resource(
        "Pods that run to completion.",
        ("spec", JobSpec(isTemplate: false).Present()),
        ("status", Object(
            ("conditions", List(
                Object(
                    ("type!", Text), ("status!", Text), ("lastProbeTime", Time), ("lastTransitionTime", Time), ("reason", Text),
                    ("message", Text))).Merged("type")),
            ("startTime", Time), ("completionTime", Time), ("active", Number32), ("succeeded", Number32), ("failed", Number32),
            ("terminating", OptionalNumber32), ("completedIndexes", Text), ("failedIndexes", OptionalText),
            ("uncountedTerminatedPods", Object(("succeeded", SetOf(OptionalText)), ("failed", SetOf(OptionalText)))),
            ("ready", OptionalNumber32)).Present()));

    public static readonly SchemaNode CronJob = Resource(
        "Jobs at set times.",
        ("spec", Object(
            ("schedule!", Text), ("timeZone", OptionalText), ("startingDeadlineSeconds", OptionalNumber64),
            ("concurrencyPolicy", OneOf("Allow", "Forbid", "Replace").Default("Allow")), ("suspend", OptionalFlag.Default(false)),
            ("jobTemplate!", Object(("metadata", ObjectMeta.Present()), ("spec", JobTemplateSpec.Present())).Present()),
            ("successfulJobsHistoryLimit", OptionalNumber32.Default(3)), ("failedJobsHistoryLimit", OptionalNumber32.Default(1))).Present()),
        ("status", Object(("active", List(ObjectReference)), ("lastScheduleTime", Time), ("lastSuccessfulTime", Time)).Present()));
}
