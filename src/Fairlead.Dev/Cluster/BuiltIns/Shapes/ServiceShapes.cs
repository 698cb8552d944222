using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.ContainerShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Services and their endpoints.</summary>
internal static class ServiceShapes
{
    private static readonly SchemaNode ServicePort = Object(
        ("name", Text), ("protocol", Protocol.Default("TCP")), ("appProtocol", OptionalText), ("port!", Number32), ("targetPort", IntOrString),
        ("nodePort", Number32));

    public static readonly SchemaNode LoadBalancerStatus = Object(
        ("ingress", List(Object(
            ("ip", Text), ("hostname", Text), ("ipMode", OptionalOneOf("VIP", "Proxy")),
            ("ports", List(Object(("port!", Number32), ("protocol!", Protocol), ("error", OptionalText))))))));

    public static readonly SchemaNode Service = Resource(
        "A stable address for a set of Pods.",
        ("spec", Object(
            ("ports", Keyed(ServicePort, "port", "protocol").About("Ports the Service offers.")),
            ("selector", TextMap.Atomic().About("Labels of the Pods that serve.")),
            ("clusterIP", Text.About("Address in the cluster; None for a headless Service.")),
            ("clusterIPs", List(OptionalText).About("Addresses in the cluster, at most one of each IP family.")),
            ("type", OneOf("ClusterIP", "ExternalName", "LoadBalancer", "NodePort").Default("ClusterIP").About("How the Service is reached.")),
            ("externalIPs", TextList.About("Further addresses at which nodes accept traffic.")),
            ("sessionAffinity", OneOf("ClientIP", "None").Default("None")),
            ("loadBalancerIP", Text),
            ("loadBalancerSourceRanges", TextList),
            ("externalName", Text.About("DNS name that an ExternalName Service stands for.")),
            ("externalTrafficPolicy", OneOf("Cluster", "Local")),
            ("healthCheckNodePort", Number32),
            ("publishNotReadyAddresses", Flag),
            ("sessionAffinityConfig", Object(("clientIP", Object(("timeoutSeconds", OptionalNumber32))))),
            ("ipFamilies", List(OptionalText).About("IP families of the Service.")),
            ("ipFamilyPolicy", OptionalOneOf("SingleStack", "PreferDualStack", "RequireDualStack")),
            ("allocateLoadBalancerNodePorts", OptionalFlag),
            ("loadBalancerClass", OptionalText.About("Implementation of load balancers that shall serve this Service.")),
            ("internalTrafficPolicy", OptionalOneOf("Cluster", "Local")),
            ("trafficDistribution", OptionalText)).Present().About("How the Service behaves.")),
        ("status", Object(("loadBalancer", LoadBalancerStatus.Present()), ("conditions", Conditions)).Present().About("What was observed of the Service.")));

    private static readonly SchemaNode EndpointAddress = Object(
        ("ip!", Text), ("hostname", Text), ("nodeName", OptionalText), ("targetRef", ObjectReference)).Atomic();

    public static readonly SchemaNode Endpoints = Resource(
        "Addresses behind a Service, in their old form.",
        ("subsets", List(Object(
            ("addresses", List(EndpointAddress)), ("notReadyAddresses", List(EndpointAddress)),
            ("ports", List(Object(("name", Text), ("port!", Number32), ("protocol", Protocol.Default("TCP")), ("appProtocol", OptionalText)).Atomic()))))));

    public static readonly SchemaNode EndpointSlice = Resource(
        "Some of the addresses behind a Service.",
        ("addressType!", OneOf("IPv4", "IPv6", "FQDN").About("Family of all addresses in the slice.")),
        ("endpoints", List(Object(
            ("addresses!", SetOf(OptionalText)),
            ("conditions", Object(("ready", OptionalFlag), ("serving", OptionalFlag), ("terminating", OptionalFlag)).Present()),
            ("hostname", OptionalText), ("targetRef", ObjectReference), ("deprecatedTopology", TextMap), ("nodeName", OptionalText),
            ("zone", OptionalText),
            ("hints", Object(("forZones", List(Object(("name!", Text)))), ("forNodes", List(Object(("name!", Text)))))))).KeepEmpty().About("The addresses.")),
        ("ports", List(Object(
            ("name", OptionalText.Default("")), ("protocol", OptionalOneOf("TCP", "UDP", "SCTP").Default("TCP")), ("port", OptionalNumber32),
            ("appProtocol", OptionalText)).Atomic()).KeepEmpty().About("Ports of every address.")));
}
