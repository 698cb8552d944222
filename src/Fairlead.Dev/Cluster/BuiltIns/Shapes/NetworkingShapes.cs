using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Group <c>networking.k8s.io</c>.</summary>
internal static class NetworkingShapes
{
    private static readonly SchemaNode IngressBackend = Object(
        ("service", Object(("name!", Text), ("port", Object(("name", Text), ("number", Number32)).Atomic().Present()))),
        ("resource", TypedLocalObjectReference));

    private static readonly SchemaNode IngressPath = Object(
        ("path", Text), ("pathType!", OneOf("Exact", "Prefix", "ImplementationSpecific")), ("backend!", IngressBackend));

    public static readonly SchemaNode Ingress = Resource(
        "Rules that lead HTTP requests to Services.",
        ("spec", Object(
            ("ingressClassName", OptionalText.About("Which controller serves this Ingress.")),
            ("defaultBackend", IngressBackend.About("Where requests go that no rule matches.")),
            ("tls", List(Object(("hosts", TextList), ("secretName", Text))).About("Hosts served with TLS.")),
            ("rules", List(Object(("host", Text), ("http", Object(("paths!", List(IngressPath)))))).About("Rules by host and path."))).Present()),
        ("status", Object(
            ("loadBalancer", Object(
                ("ingress", List(Object(
                    ("ip", Text), ("hostname", Text),
                    ("ports", List(Object(("port!", Number32), ("protocol!", Text), ("error", OptionalText)))))))).Present())).Present()));

    public static readonly SchemaNode IngressClass = Resource(
        "A controller that serves Ingresses.",
        ("spec", Object(
            ("controller", Text.About("Name of the controller.")),
            ("parameters", Object(
                ("apiGroup", OptionalText), ("kind!", Text), ("name!", Text),
                ("scope", OptionalOneOf("Cluster", "Namespace").Default("Cluster")),
                ("namespace", OptionalText)))).Present()));

    private static readonly SchemaNode PolicyPort = Object(
        ("protocol", OptionalOneOf("TCP", "UDP", "SCTP").Default("TCP")), ("port", IntOrString), ("endPort", OptionalNumber32));

    private static readonly SchemaNode PolicyPeer = Object(
        ("podSelector", LabelSelector), ("namespaceSelector", LabelSelector),
        ("ipBlock", Object(("cidr!", Text), ("except", TextList))));

    public static readonly SchemaNode NetworkPolicy = Resource(
        "Which traffic Pods accept and send.",
        ("spec", Object(
            ("podSelector", LabelSelector.Present()),
            ("ingress", List(Object(("ports", List(PolicyPort)), ("from", List(PolicyPeer))))),
            ("egress", List(Object(("ports", List(PolicyPort)), ("to", List(PolicyPeer))))),
            ("policyTypes", TextList)).Present()));
}
