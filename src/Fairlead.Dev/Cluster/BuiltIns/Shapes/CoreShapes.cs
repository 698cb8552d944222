using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Resources of the core group that hold data, identities and limits.</summary>
internal static class CoreShapes
{
    public static readonly SchemaNode Namespace = Resource(
        "A scope for names.",
        ("spec", Object(("finalizers", List(OptionalText))).Present()),
        ("status", Object(
            ("phase", OneOf("Active", "Terminating").Default("Active")),
            ("conditions", Keyed(
                Object(("type!", Text), ("status!", Text), ("lastTransitionTime", Time), ("reason", Text), ("message", Text)), "type"))).Present()));

    public static readonly SchemaNode Secret = Resource(
        "Confidential data.",
        ("immutable", OptionalFlag.About("Data can no longer change.")),
        ("data", MapOf(Bytes.KeepEmpty()).About("Values in base64.")),
        ("stringData", TextMap.About("Values as plain text; written into data, never shown.")),
        ("type", Text.Default("Opaque").About("What the data is for.")));

    public static readonly SchemaNode ConfigMap = Resource(
        "Configuration data.",
        ("immutable", OptionalFlag.About("Data can no longer change.")),
        ("data", TextMap.About("Values as text.")),
        ("binaryData", MapOf(Bytes.KeepEmpty()).About("Values in base64.")));

    public static readonly SchemaNode ServiceAccount = Resource(
        "An identity for processes in Pods.",
        ("secrets", Keyed(ObjectReference, "name").About("Secrets that Pods of this account may use.")),
        ("imagePullSecrets", List(LocalObjectReference).About("Secrets for pulling images.")),
        ("automountServiceAccountToken", OptionalFlag.About("Whether Pods get a token mounted.")));

    private static readonly SchemaNode EventSource = Object(("component", Text), ("host", Text));

    public static readonly SchemaNode Event = Resource(
        "Something that happened to an object.",
        ("involvedObject!", ObjectReference.About("What the event is about.")), ("reason", Text.About("Why, as one word.")),
        ("message", Text.About("What happened.")), ("source", EventSource.Present()), ("firstTimestamp", Time with { OmitZero = false }),
        ("lastTimestamp", Time with { OmitZero = false }), ("count", Number32), ("type", Text.About("Normal or Warning.")),
        ("eventTime", Time with { OmitZero = false }),
        ("series", Object(("count", Number32), ("lastObservedTime", Time))), ("action", Text), ("related", ObjectReference),
        ("reportingComponent", Text.KeepEmpty().Default("")), ("reportingInstance", Text.KeepEmpty().Default("")));

    public static readonly SchemaNode EventsEvent = Resource(
        "Something that happened to an object.",
        ("eventTime!", Time), ("series", Object(("count!", Number32), ("lastObservedTime!", Time))), ("reportingController", Text),
        ("reportingInstance", Text), ("action", Text), ("reason", Text), ("regarding", ObjectReference), ("related", ObjectReference),
        ("note", Text), ("type", Text), ("deprecatedSource", EventSource), ("deprecatedFirstTimestamp", Time),
        ("deprecatedLastTimestamp", Time), ("deprecatedCount", Number32));

    public static readonly SchemaNode LimitRange = Resource(
        "Limits for the resources of each object in a namespace.",
        ("spec", Object(("limits!", List(Object(
            ("type!", Text), ("max", QuantityMap), ("min", QuantityMap), ("default", QuantityMap), ("defaultRequest", QuantityMap),
            ("maxLimitRequestRatio", QuantityMap))))).Present()));

    public static readonly SchemaNode ResourceQuota = Resource(
        "Limits for the resources of a namespace as a whole.",
        ("spec", Object(
            ("hard", QuantityMap), ("scopes", TextList),
            ("scopeSelector", Object(
                ("matchExpressions", List(Object(("scopeName!", Text), ("operator!", Text), ("values", TextList))))).Atomic())).Present()),
        ("status", Object(("hard", QuantityMap), ("used", QuantityMap)).Present()));

    public static readonly SchemaNode Lease = Resource(
        "A lock with a holder and a life time.",
        ("spec", Object(
            ("holderIdentity", OptionalText), ("leaseDurationSeconds", OptionalNumber32), ("acquireTime", Time), ("renewTime", Time),
            ("leaseTransitions", OptionalNumber32), ("strategy", OptionalText), ("preferredHolder", OptionalText)).Present()));
}
