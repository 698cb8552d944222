using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Where Pods may run.</summary>
internal static class SchedulingShapes
{
    private static readonly SchemaNode NodeRequirement = Object(("key!", Text), ("operator!", Text), ("values", TextList));

    private static readonly SchemaNode NodeSelectorTerm = Object(
        ("matchExpressions", List(NodeRequirement)), ("matchFields", List(NodeRequirement))).Atomic();

    public static readonly SchemaNode NodeSelector = Object(("nodeSelectorTerms!", List(NodeSelectorTerm))).Atomic();

    private static readonly SchemaNode PodAffinityTerm = Object(
        ("labelSelector", LabelSelector), ("namespaces", TextList), ("topologyKey!", Text), ("namespaceSelector", LabelSelector),
        ("matchLabelKeys", TextList), ("mismatchLabelKeys", TextList));

    private static readonly SchemaNode PodAffinity = Object(
        ("requiredDuringSchedulingIgnoredDuringExecution", List(PodAffinityTerm)),
        ("preferredDuringSchedulingIgnoredDuringExecution", List(Object(("weight!", Number32), ("podAffinityTerm!", PodAffinityTerm)))));

    public static readonly SchemaNode Affinity = Object(
        ("nodeAffinity", Object(
            ("requiredDuringSchedulingIgnoredDuringExecution", NodeSelector),
            ("preferredDuringSchedulingIgnoredDuringExecution", List(Object(("weight!", Number32), ("preference!", NodeSelectorTerm)))))),
        ("podAffinity", PodAffinity), ("podAntiAffinity", PodAffinity));

    public static readonly SchemaNode Toleration = Object(
        ("key", Text), ("operator", OneOf("Exists", "Equal", "Lt", "Gt")), ("value", Text),
        ("effect", OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")), ("tolerationSeconds", OptionalNumber64));

    public static readonly SchemaNode TopologySpreadConstraint = Object(
        ("maxSkew!", Number32), ("topologyKey!", Text), ("whenUnsatisfiable!", OneOf("DoNotSchedule", "ScheduleAnyway")),
        ("labelSelector", LabelSelector), ("minDomains", OptionalNumber32), ("nodeAffinityPolicy", OptionalOneOf("Honor", "Ignore")),
        ("nodeTaintsPolicy", OptionalOneOf("Honor", "Ignore")), ("matchLabelKeys", TextList));

    public static readonly SchemaNode PriorityClass = Resource(
        "Maps a name to the importance of Pods.",
        ("value", Number32.KeepEmpty().Default(0).About("Priority; greater is more important.")), ("globalDefault", Flag), ("description", Text),
        ("preemptionPolicy", OptionalOneOf("PreemptLowerPriority", "Never").Default("PreemptLowerPriority")));
}
