using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Groups <c>policy</c> and <c>autoscaling</c>.</summary>
internal static class PolicyShapes
{
    public static readonly SchemaNode PodDisruptionBudget = Resource(
        "How many Pods of a set may be down at once.",
        ("spec", Object(
            ("minAvailable", IntOrString), ("selector", LabelSelector with { PatchStrategy = PatchStrategy.Replace }),
            ("maxUnavailable", IntOrString), ("unhealthyPodEvictionPolicy", OptionalOneOf("IfHealthyBudget", "AlwaysAllow"))).Present()),
        ("status", Object(
            ("observedGeneration", Number64), ("disruptedPods", MapOf(Time)), ("disruptionsAllowed", Number32.KeepEmpty().Default(0)),
            ("currentHealthy", Number32.KeepEmpty().Default(0)), ("desiredHealthy", Number32.KeepEmpty().Default(0)),
            ("expectedPods", Number32.KeepEmpty().Default(0)), ("conditions", Conditions)).Present()));

    private static readonly SchemaNode MetricTarget = Object(
        ("type!", Text), ("value", QuantityText), ("averageValue", QuantityText), ("averageUtilization", OptionalNumber32));

    private static readonly SchemaNode MetricValue = Object(
        ("value", QuantityText), ("averageValue", QuantityText), ("averageUtilization", OptionalNumber32));

    private static readonly SchemaNode MetricIdentifier = Object(("name!", Text), ("selector", LabelSelector));

    private static readonly SchemaNode CrossVersionReference = Object(("kind!", Text), ("name!", Text), ("apiVersion", Text));

    private static SchemaNode Metric(string valueName, SchemaNode value) => Object(
        ("type!", Text),
        ("object", Object(("describedObject!", CrossVersionReference), (valueName, value), ("metric!", MetricIdentifier))),
        ("pods", Object(("metric!", MetricIdentifier), (valueName, value))),
        ("resource", Object(("name!", Text), (valueName, value))),
        ("containerResource", Object(("name!", Text), (valueName, value), ("container!", Text))),
        ("external", Object(("metric!", MetricIdentifier), (valueName, value))));

    private static readonly SchemaNode ScalingRules = Object(
        ("stabilizationWindowSeconds", OptionalNumber32), ("selectPolicy", OptionalOneOf("Max", "Min", "Disabled")),
        ("policies", List(Object(("type!", Text), ("value!", Number32), ("periodSeconds!", Number32)))), ("tolerance", QuantityText));

    public static readonly SchemaNode HorizontalPodAutoscaler = Resource(
        "Scales a workload with its load.",
        ("spec", Object(
            ("scaleTargetRef!", CrossVersionReference), ("minReplicas", OptionalNumber32.Default(1)), ("maxReplicas!", Number32),
            ("metrics", List(Metric("target!", MetricTarget))),
            ("behavior", Object(("scaleUp", ScalingRules), ("scaleDown", ScalingRules)))).Present()),
        ("status", Object(
            ("observedGeneration", OptionalNumber64), ("lastScaleTime", Time), ("currentReplicas", Number32),
            ("desiredReplicas", Number32.KeepEmpty().Default(0)), ("currentMetrics", List(Metric("current!", MetricValue)).KeepEmpty() with { Nullable = true }),
            ("conditions", Keyed(
                Object(("type!", Text), ("status!", Text), ("lastTransitionTime", Time), ("reason", Text), ("message", Text)), "type"))).Present()));
}
