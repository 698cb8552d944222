using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Nodes.</summary>
internal static class NodeShapes
{
    private static readonly SchemaNode Taint = Object(
        ("key!", Text), ("value", Text), ("effect!", OneOf("NoSchedule", "PreferNoSchedule", "NoExecute")), ("timeAdded", Time));

    private static readonly SchemaNode ConfigMapSource = Object(
        ("namespace!", Text), ("name!", Text), ("uid", Text), ("resourceVersion", Text), ("kubeletConfigKey!", Text));

    private static readonly SchemaNode ConfigSource = Object(("configMap", ConfigMapSource));

    private static readonly SchemaNode DaemonEndpoint = Object(("Port!", Number32));

    private static readonly SchemaNode SystemInfo = Object(
        ("machineID!", Text), ("systemUUID!", Text), ("bootID!", Text), ("kernelVersion!", Text), ("osImage!", Text),
        ("containerRuntimeVersion!", Text), ("kubeletVersion!", Text), ("kubeProxyVersion!", Text), ("operatingSystem!", Text),
        ("architecture!", Text), ("swap", Object(("capacity", OptionalNumber64))));

    public static readonly SchemaNode Node = Resource(
        "A machine that runs Pods.",
        ("spec", Object(
            ("podCIDR", Text), ("podCIDRs", SetOf(OptionalText).Merged()), ("providerID", Text), ("unschedulable", Flag), ("taints", List(Taint)),
            ("configSource", ConfigSource), ("externalID", Text)).Present()),
        ("status", Object(
            ("capacity", QuantityMap), ("allocatable", QuantityMap), ("phase", Text),
            ("conditions", Keyed(
                Object(
                    ("type!", Text), ("status!", Text), ("lastHeartbeatTime", Time), ("lastTransitionTime", Time), ("reason", Text),
                    ("message", Text)),
                "type")),
            ("addresses", Keyed(Object(("type!", Text), ("address!", Text)), "type")),
            ("daemonEndpoints", Object(("kubeletEndpoint", DaemonEndpoint)).Present()),
            ("nodeInfo", SystemInfo with { Required = [] }),
            ("images", List(Object(("names", TextList.KeepEmpty()), ("sizeBytes", Number64)))),
            ("volumesInUse", TextList), ("volumesAttached", List(Object(("name!", Text), ("devicePath!", Text)))),
            ("config", Object(
                ("assigned", ConfigSource), ("active", ConfigSource), ("lastKnownGood", ConfigSource), ("error", Text))),
            ("runtimeHandlers", List(Object(
                ("name", Text.KeepEmpty()),
                ("features", Object(("recursiveReadOnlyMounts", OptionalFlag), ("userNamespaces", OptionalFlag)))))),
            ("features", Object(("supplementalGroupsPolicy", OptionalFlag))),
            ("declaredFeatures", TextList)).Present()));
}
