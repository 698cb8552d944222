using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using static Fairlead.Dev.Cluster.BuiltIns.Columns.Cells;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns of the smaller core resources and of policies.</summary>
internal static class CoreColumns
{
    public static readonly ImmutableArray<PrinterColumn> OnlyAge = [Age];

    public static readonly ImmutableArray<PrinterColumn> Namespace = [Column("Status", o => o.Object("status").Text("phase") ?? "", "Active or Terminating."), Age];

    public static readonly ImmutableArray<PrinterColumn> Secret =
    [
        Column("Type", o => o.Text("type") ?? "", "What the data is for."),
        Column("Data", o => Count(o.Object("data")), "Number of values."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> ConfigMap =
    [
        Column("Data", o => ((o.Object("data")?.Count ?? 0) + (o.Object("binaryData")?.Count ?? 0)).ToString(CultureInfo.InvariantCulture), "Number of values."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Event =
    [
        Column("Last Seen", LastSeen, "Time since it last happened."),
        Column("Type", o => o.Text("type") ?? "", "Normal or Warning."),
        Column("Reason", o => o.Text("reason") ?? "", "Why, as one word."),
        Column("Object", o => Reference(o.Object("involvedObject") ?? o.Object("regarding")), "What it is about."),
        Column("Subobject", o => (o.Object("involvedObject") ?? o.Object("regarding")).Text("fieldPath") ?? "", wide: true),
        Column("Source", o => o.Object("source").Text("component") ?? o.Text("reportingComponent") ?? o.Text("reportingController") ?? "", wide: true),
        Column("Message", o => (o.Text("message") ?? o.Text("note") ?? "").Trim(), "What happened."),
        Column("First Seen", (o, now) => Since(o.Text("firstTimestamp") ?? o.Text("eventTime"), now), wide: true),
        Column("Count", o => (o.Object("series").Integer("count") ?? o.Integer("count") ?? 1).ToString(CultureInfo.InvariantCulture), wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> Node =
    [
        Column("Status", NodeState, "Whether the node is ready."),
        Column("Roles", NodeRoles, "What the node is for."),
        Age,
        Column("Version", o => o.Object("status").Object("nodeInfo").Text("kubeletVersion") ?? "", "Version of the kubelet."),
        Column("Internal-IP", o => NodeAddress(o, "InternalIP"), wide: true),
        Column("External-IP", o => NodeAddress(o, "ExternalIP"), wide: true),
        Column("OS-Image", o => o.Object("status").Object("nodeInfo").Text("osImage") ?? Unknown, wide: true),
        Column("Kernel-Version", o => o.Object("status").Object("nodeInfo").Text("kernelVersion") ?? Unknown, wide: true),
        Column("Container-Runtime", o => o.Object("status").Object("nodeInfo").Text("containerRuntimeVersion") ?? Unknown, wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> PersistentVolumeClaim =
    [
        Column("Status", o => o.Object("metadata").Text("deletionTimestamp") is null ? o.Object("status").Text("phase") ?? "" : "Terminating", "Whether it is bound."),
        Column("Volume", o => o.Object("spec").Text("volumeName") ?? "", "The volume bound to it."),
        Column("Capacity", o => o.Object("spec").Text("volumeName") is null ? "" : o.Object("status").Object("capacity").Text("storage") ?? "", "Size of the volume."),
        Column("Access Modes", o => AccessModes(o.Object("spec").Text("volumeName") is null ? null : o.Object("status")), "How it may be mounted."),
        Column("StorageClass", o => o.Object("spec").Text("storageClassName") ?? "", "Class of the storage."),
        Column("VolumeAttributesClass", o => o.Object("spec").Text("volumeAttributesClassName") ?? "<unset>", "Class of its attributes."),
        Age,
        Column("VolumeMode", o => o.Object("spec").Text("volumeMode") ?? "<unset>", wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> PersistentVolume =
    [
        Column("Capacity", o => o.Object("spec").Object("capacity").Text("storage") ?? "0", "Size."),
        Column("Access Modes", o => AccessModes(o.Object("spec")), "How it may be mounted."),
        Column("Reclaim Policy", o => o.Object("spec").Text("persistentVolumeReclaimPolicy") ?? "", "What happens when its claim goes."),
        Column("Status", o => o.Object("metadata").Text("deletionTimestamp") is null ? o.Object("status").Text("phase") ?? "" : "Terminating", "Whether it is bound."),
        Column("Claim", o => o.Object("spec").Object("claimRef") is { } c ? $"{c.Text("namespace")}/{c.Text("name")}" : "", "The claim bound to it."),
        Column("StorageClass", o => o.Object("spec").Text("storageClassName") ?? "", "Class of the storage."),
        Column("VolumeAttributesClass", o => o.Object("spec").Text("volumeAttributesClassName") ?? "<unset>", "Class of its attributes."),
        Column("Reason", o => o.Object("status").Text("reason") ?? "", "Why it is in that state."),
        Age,
        Column("VolumeMode", o => o.Object("spec").Text("volumeMode") ?? "<unset>", wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> ResourceQuota =
    [
        Column("Request", o => Usage(o, name => !name.StartsWith("limits", StringComparison.Ordinal)), "Use and limit of requests."),
        Column("Limit", o => Usage(o, name => name.StartsWith("limits", StringComparison.Ordinal)), "Use and limit of limits."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Lease = [Column("Holder", o => o.Object("spec").Text("holderIdentity") ?? "", "Who holds the lock."), Age];

    public static readonly ImmutableArray<PrinterColumn> StorageClass =
    [
        Column("Provisioner", o => o.Text("provisioner") ?? "", "What makes the volumes."),
        Column("ReclaimPolicy", o => o.Text("reclaimPolicy") ?? "Delete", "What happens when a claim goes."),
        Column("VolumeBindingMode", o => o.Text("volumeBindingMode") ?? "Immediate", "When volumes are bound."),
        Column("AllowVolumeExpansion", o => o.Flag("allowVolumeExpansion") == true ? "true" : "false", "Whether volumes may grow."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> PriorityClass =
    [
        Number("Value", o => o.Integer("value"), "The priority."),
        Column("Global-Default", o => o.Flag("globalDefault") == true ? "true" : "false", "Whether Pods without a class get it."),
        Age,
        Column("PreemptionPolicy", o => o.Text("preemptionPolicy") ?? "", "Whether lower Pods make way."),
    ];

    public static readonly ImmutableArray<PrinterColumn> PodDisruptionBudget =
    [
        Column("Min Available", o => o.Object("spec")?["minAvailable"]?.ToString() ?? "N/A", "Pods that must stay."),
        Column("Max Unavailable", o => o.Object("spec")?["maxUnavailable"]?.ToString() ?? "N/A", "Pods that may be down."),
        Number("Allowed Disruptions", o => o.Object("status").Integer("disruptionsAllowed"), "Pods that may be evicted now."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> HorizontalPodAutoscaler =
    [
        Column("Reference", o => $"{o.Object("spec").Object("scaleTargetRef").Text("kind")}/{o.Object("spec").Object("scaleTargetRef").Text("name")}", "What is scaled."),
        Column("Targets", o => Joined(o.Object("spec").Objects("metrics").Select(MetricTarget)), "Measured and wanted load."),
        Column("MinPods", o => o.Object("spec")?["minReplicas"]?.ToString() ?? "<unset>", "Fewest Pods."),
        Column("MaxPods", o => o.Object("spec")?["maxReplicas"]?.ToString() ?? "", "Most Pods."),
        Column("Replicas", o => (o.Object("status").Integer("currentReplicas") ?? 0).ToString(CultureInfo.InvariantCulture), "Pods there are."),
        Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> NetworkPolicy = [Column("Pod-Selector", o => Selector(o.Object("spec").Object("podSelector")), "Which Pods it is about."), Age];

    private static string Count(JsonObject? map) => (map?.Count ?? 0).ToString(CultureInfo.InvariantCulture);

    private static string LastSeen(JsonObject obj, DateTimeOffset now) => Since(
        obj.Object("series").Text("lastObservedTime") ?? obj.Text("lastTimestamp") ?? obj.Text("deprecatedLastTimestamp") ?? obj.Text("eventTime") ??
        obj.Text("firstTimestamp"),
        now);

    private static string Reference(JsonObject? reference) => $"{reference.Text("kind")?.ToLowerInvariant()}/{reference.Text("name")}";

    private static string NodeState(JsonObject node)
    {
        var ready = node.Object("status").Objects("conditions").FirstOrDefault(c => c.Text("type") == "Ready").Text("status");
        var state = ready switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return node.Object("spec").Flag("unschedulable") == true ? state + ",SchedulingDisabled" : state;
    }

    private static string NodeRoles(JsonObject node)
    {
        const string Prefix = "node-role.kubernetes.io/";
        return Joined((node.Object("metadata").Object("labels") ?? [])
            .Where(l => l.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(l => l.Key[Prefix.Length..]).Order(StringComparer.Ordinal));
    }

    private static string NodeAddress(JsonObject node, string type) =>
        OrNone(node.Object("status").Objects("addresses").FirstOrDefault(a => a.Text("type") == type).Text("address"));

    private static string AccessModes(JsonObject? holder) => string.Join(',', holder.Texts("accessModes").Select(m => m switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => m,
    }));

    private static string Usage(JsonObject quota, Func<string, bool> isShown) => string.Join(", ", (quota.Object("status").Object("hard") ?? [])
        .Where(h => isShown(h.Key)).Select(h => $"{h.Key}: {quota.Object("status").Object("used").Text(h.Key) ?? "0"}/{h.Value.Text()}"));

    private static string MetricTarget(JsonObject metric)
    {
        var kind = metric.Text("type") is { Length: > 0 } type ? char.ToLowerInvariant(type[0]) + type[1..] : "";
        var target = metric.Object(kind).Object("target");
        var wanted = target?["averageUtilization"] is { } utilization ? $"{utilization}%" : (target?["averageValue"] ?? target?["value"])?.ToString();
        return $"{metric.Object(kind).Text("name") ?? metric.Object(kind).Object("metric").Text("name")}: {Unknown}/{wanted}";
    }
}
