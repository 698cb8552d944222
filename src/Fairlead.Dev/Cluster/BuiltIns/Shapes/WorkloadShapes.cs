using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.PodShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Resources that keep Pods running: group <c>apps</c> and ReplicationController.</summary>
internal static class WorkloadShapes
{
    private const string ScaleAbout = "How many Pods are wanted.";

    private static readonly SchemaNode WorkloadConditions = Keyed(
        Object(("type!", Text), ("status!", Text), ("lastTransitionTime", Time), ("reason", Text), ("message", Text)), "type");

    private static readonly SchemaNode Template = PodTemplateSpec.Present().About("What the Pods look like.");

    private static readonly SchemaNode Selector = LabelSelector.About("Which Pods belong to this object; must match the template's labels.");

    public static readonly SchemaNode StatefulSet = Resource(
        "Pods with stable names and storage.",
        ("spec", Object(
            ("replicas", OptionalNumber32.Default(1).About(ScaleAbout)),
            ("selector!", Selector),
            ("template!", Template),
            ("volumeClaimTemplates", List(VolumeShapes.PersistentVolumeClaim).About("Claims each Pod gets.")),
            ("serviceName", Text.KeepEmpty().Default("").About("Headless Service that names the Pods.")),
            ("podManagementPolicy", OneOf("OrderedReady", "Parallel").Default("OrderedReady")),
            ("updateStrategy", Object(
                ("type", OneOf("RollingUpdate", "OnDelete").Default("RollingUpdate")),
                ("rollingUpdate", Object(("partition", OptionalNumber32), ("maxUnavailable", IntOrString)))).Present()),
            ("revisionHistoryLimit", OptionalNumber32.Default(10)),
            ("minReadySeconds", Number32),
            ("persistentVolumeClaimRetentionPolicy", Object(
                ("whenDeleted", OneOf("Retain", "Delete").Default("Retain")), ("whenScaled", OneOf("Retain", "Delete").Default("Retain"))).Present()),
            ("ordinals", Object(("start", Number32.KeepEmpty().Default(0))))).Present()),
        ("status", Object(
            ("observedGeneration", Number64), ("replicas", Number32.KeepEmpty().Default(0)), ("readyReplicas", Number32), ("currentReplicas", Number32),
            ("updatedReplicas", Number32), ("currentRevision", Text), ("updateRevision", Text), ("collisionCount", OptionalNumber32),
            ("conditions", WorkloadConditions), ("availableReplicas", Number32.KeepEmpty().Default(0))).Present()));

    public static readonly SchemaNode Deployment = Resource(
        "Interchangeable Pods, rolled out gradually.",
        ("spec", Object(
            ("replicas", OptionalNumber32.Default(1).About(ScaleAbout)),
            ("selector!", Selector),
            ("template!", Template),
            ("strategy", Object(
                ("type", OneOf("RollingUpdate", "Recreate").Default("RollingUpdate")),
                ("rollingUpdate", Object(("maxUnavailable", IntOrString), ("maxSurge", IntOrString)))).Present().RetainKeys()),
            ("minReadySeconds", Number32),
            ("revisionHistoryLimit", OptionalNumber32.Default(10)),
            ("paused", Flag),
            ("progressDeadlineSeconds", OptionalNumber32.Default(600))).Present()),
        ("status", Object(
            ("observedGeneration", Number64), ("replicas", Number32), ("updatedReplicas", Number32), ("readyReplicas", Number32), ("availableReplicas", Number32),
            ("unavailableReplicas", Number32), ("terminatingReplicas", OptionalNumber32),
            ("conditions", Keyed(
                Object(
                    ("type!", Text), ("status!", Text), ("lastUpdateTime", Time), ("lastTransitionTime", Time), ("reason", Text),
                    ("message", Text)),
                "type")),
            ("collisionCount", OptionalNumber32)).Present()));

    private static readonly SchemaNode ReplicaStatus = Object(
        ("replicas", Number32.KeepEmpty().Default(0)), ("fullyLabeledReplicas", Number32), ("readyReplicas", Number32), ("availableReplicas", Number32),
        ("observedGeneration", Number64), ("conditions", WorkloadConditions)).Present();

    public static readonly SchemaNode ReplicaSet = Resource(
        "A number of equal Pods.",
        ("spec", Object(
            ("replicas", OptionalNumber32.Default(1).About(ScaleAbout)), ("minReadySeconds", Number32), ("selector!", Selector),
            ("template", Template)).Present()),
        ("status", ReplicaStatus with { Properties = ReplicaStatus.Properties.Add("terminatingReplicas", OptionalNumber32) }));

    public static readonly SchemaNode ReplicationController = Resource(
        "A number of equal Pods, in the old form.",
        ("spec", Object(
            ("replicas", OptionalNumber32.Default(1).About(ScaleAbout)), ("minReadySeconds", Number32), ("selector", TextMap.Atomic()),
            ("template", PodTemplateSpec)).Present()),
        ("status", ReplicaStatus));

    public static readonly SchemaNode DaemonSet = Resource(
        "One Pod on each node.",
        ("spec", Object(
            ("selector!", Selector), ("template!", Template),
            ("updateStrategy", Object(
                ("type", OneOf("RollingUpdate", "OnDelete").Default("RollingUpdate")),
                ("rollingUpdate", Object(("maxUnavailable", IntOrString), ("maxSurge", IntOrString)))).Present()),
            ("minReadySeconds", Number32), ("revisionHistoryLimit", OptionalNumber32.Default(10))).Present()),
        ("status", Object(
            ("currentNumberScheduled", Number32.KeepEmpty().Default(0)), ("numberMisscheduled", Number32.KeepEmpty().Default(0)),
            ("desiredNumberScheduled", Number32.KeepEmpty().Default(0)), ("numberReady", Number32.KeepEmpty().Default(0)), ("observedGeneration", Number64),
            ("updatedNumberScheduled", Number32), ("numberAvailable", Number32), ("numberUnavailable", Number32), ("collisionCount", OptionalNumber32),
            ("conditions", WorkloadConditions)).Present()));

    public static readonly SchemaNode ControllerRevision = Resource(
        "A past state of a controller's template.",
        ("data", SchemaNode.Any with { Type = "object" }), ("revision!", Number64));
}
