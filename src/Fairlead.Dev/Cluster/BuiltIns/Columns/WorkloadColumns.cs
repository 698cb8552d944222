using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using static Fairlead.Dev.Cluster.BuiltIns.Columns.Cells;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns of what runs Pods.</summary>
internal static class WorkloadColumns
{
    public static readonly ImmutableArray<PrinterColumn> StatefulSet =
    [
        Column("Ready", o => Fraction(Status(o, "readyReplicas"), Spec(o, "replicas")), "Pods that are ready, of those wanted."),
        Age,
        Column("Containers", o => Containers(Template(o)), wide: true),
        Column("Images", o => Images(Template(o)), wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> Deployment =
    [
        Column("Ready", o => Fraction(Status(o, "readyReplicas"), Spec(o, "replicas")), "Pods that are ready, of those wanted."),
        Number("Up-to-date", o => Status(o, "updatedReplicas"), "Pods with the current template."),
        Number("Available", o => Status(o, "availableReplicas"), "Pods that have been ready long enough."),
        Age,
        .. PodsAndSelector,
    ];

    public static readonly ImmutableArray<PrinterColumn> ReplicaSet =
    [
        Number("Desired", o => Spec(o, "replicas"), "Pods wanted."),
        Number("Current", o => Status(o, "replicas"), "Pods there are."),
        Number("Ready", o => Status(o, "readyReplicas"), "Pods that are ready."),
        Age,
        .. PodsAndSelector,
    ];

    public static readonly ImmutableArray<PrinterColumn> DaemonSet =
    [
        Number("Desired", o => Status(o, "desiredNumberScheduled"), "Nodes that should run the Pod."),
        Number("Current", o => Status(o, "currentNumberScheduled"), "Nodes that run it."),
        Number("Ready", o => Status(o, "numberReady"), "Nodes where it is ready."),
        Number("Up-to-date", o => Status(o, "updatedNumberScheduled"), "Nodes with the current template."),
        Number("Available", o => Status(o, "numberAvailable"), "Nodes where it has been ready long enough."),
        Column("Node Selector", o => Labels(Template(o).Object("nodeSelector")), "Labels of the nodes meant."),
        Age,
        .. PodsAndSelector,
    ];

    public static readonly ImmutableArray<PrinterColumn> Job =
    [
        Column("Status", JobState, "How the Job stands."),
        Column("Completions", Completions, "Pods that succeeded, of those wanted."),
        Column("Duration", JobDuration, "How long the Job took or has been running."),
        Age,
        .. PodsAndSelector,
    ];

    public static readonly ImmutableArray<PrinterColumn> CronJob =
    [
        Column("Schedule", o => o.Object("spec").Text("schedule") ?? "", "When Jobs start."),
        Column("Timezone", o => OrNone(o.Object("spec").Text("timeZone")), "Time zone of the schedule."),
        Column("Suspend", o => o.Object("spec").Flag("suspend") == true ? "True" : "False", "Whether it is held."),
        Number("Active", o => o.Object("status").Array("active")?.Count ?? 0, "Jobs that run now."),
        Column("Last Schedule", (o, now) => o.Object("status").Text("lastScheduleTime") is { } t ? Since(t, now) : None, "Time since the last Job."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> ControllerRevision =
    [
        Column("Controller", Owner, "What the revision belongs to."),
        Column("Revision", o => o["revision"]?.ToString() ?? "0", "Its number."),
        Age,
    ];

    private static ImmutableArray<PrinterColumn> PodsAndSelector =>
    [
        Column("Containers", o => Containers(Template(o)), wide: true),
        Column("Images", o => Images(Template(o)), wide: true),
        Column("Selector", o => o.Object("spec").Object("selector") is { } s && (s.ContainsKey("matchLabels") || s.ContainsKey("matchExpressions"))
            ? Selector(s) : Labels(o.Object("spec").Object("selector")), wide: true),
    ];

    private static JsonObject? Template(JsonObject obj) => obj.Object("spec").Object("template").Object("spec");

    private static long? Status(JsonObject obj, string name) => obj.Object("status").Integer(name);

    private static long? Spec(JsonObject obj, string name) => obj.Object("spec").Integer(name);

    private static string Fraction(long? part, long? whole) => string.Create(CultureInfo.InvariantCulture, $"{part ?? 0}/{whole ?? 0}");

    private static string Owner(JsonObject obj)
    {
        var owner = obj.Object("metadata").Objects("ownerReferences").FirstOrDefault(r => r.Flag("controller") == true);
        if (owner is null)
            return None;
        var apiVersion = owner.Text("apiVersion") ?? "";
        var group = apiVersion.Contains('/', StringComparison.Ordinal) ? "." + apiVersion[..apiVersion.IndexOf('/', StringComparison.Ordinal)] : "";
        return $"{owner.Text("kind")!.ToLowerInvariant()}{group}/{owner.Text("name")}";
    }

    private static bool Has(JsonObject job, string condition) =>
        job.Object("status").Objects("conditions").Any(c => c.Text("type") == condition && c.Text("status") == "True");

    private static string JobState(JsonObject job) => true switch
    {
        _ when Has(job, "Complete") => "Complete",
        _ when Has(job, "Failed") => "Failed",
        _ when job.Object("metadata").Text("deletionTimestamp") is not null => "Terminating",
        _ when Has(job, "Suspended") => "Suspended",
        _ when Has(job, "FailureTarget") => "FailureTarget",
        _ when Has(job, "SuccessCriteriaMet") => "SuccessCriteriaMet",
        _ => "Running",
    };

    private static string Completions(JsonObject job)
    {
        var (succeeded, parallelism) = (Status(job, "succeeded"), Spec(job, "parallelism") ?? 0);
        if (Spec(job, "completions") is { } completions)
            return Fraction(succeeded, completions);
        return parallelism > 1 ? Fraction(succeeded, 1) + string.Create(CultureInfo.InvariantCulture, $" of {parallelism}") : Fraction(succeeded, 1);
    }

    private static string JobDuration(JsonObject job, DateTimeOffset now)
    {
        if (job.Object("status").Text("startTime") is not { } start)
            return "";
        var end = job.Object("status").Text("completionTime") is { } completed ? DateTimeOffset.Parse(completed, CultureInfo.InvariantCulture) : now;
        return Since(start, end);
    }
}
