using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Types of <c>meta/v1</c> that every resource uses.</summary>
internal static class MetaShapes
{
    public static readonly SchemaNode OwnerReference = Object(
        ("apiVersion!", Text), ("kind!", Text), ("name!", Text), ("uid!", Text),
        ("controller", OptionalFlag), ("blockOwnerDeletion", OptionalFlag)).Atomic();

    public static readonly SchemaNode ManagedFields = Object(
        ("manager", Text), ("operation", Text), ("apiVersion", Text), ("time", Time),
        ("fieldsType", Text), ("fieldsV1", new SchemaNode { Type = "object", PreserveUnknownFields = true }), ("subresource", Text));

    public static readonly SchemaNode ObjectMeta = Object(
        ("name", Text.About("Name, unique among the objects of this kind in the namespace.")),
        ("generateName", Text.About("Prefix of a name that the server completes when no name is given.")),
        ("namespace", Text.About("Namespace the object lives in.")),
        ("selfLink", Text),
        ("uid", Text.About("Identity in time and space, set by the server.")),
        ("resourceVersion", Text.About("Opaque version of the stored object, for optimistic concurrency.")),
        ("generation", Number64.About("Number of the desired state, counted by the server.")),
        ("creationTimestamp", Time.About("When the server created the object.")),
        ("deletionTimestamp", Time.About("When the object goes; set by a graceful deletion.")),
        ("deletionGracePeriodSeconds", OptionalNumber64.About("Seconds the object has to end gracefully.")),
        ("labels", TextMap.About("Keys and values by which objects are selected.")),
        ("annotations", TextMap.About("Free-form data for tools.")),
        ("ownerReferences", Keyed(OwnerReference, "uid").About("Objects this one depends on; it goes when all are gone.")),
        ("finalizers", SetOf(OptionalText).Merged().About("What must happen before the object may go.")),
        ("managedFields", List(ManagedFields).About("Which manager set which fields.")));

    public static readonly SchemaNode LabelSelectorRequirement = Object(
        ("key!", Text), ("operator!", Text), ("values", TextList));

    public static readonly SchemaNode LabelSelector = Object(
        ("matchLabels", TextMap), ("matchExpressions", List(LabelSelectorRequirement))).Atomic();

    public static readonly SchemaNode Condition = Object(
        ("type!", Text), ("status!", Text), ("observedGeneration", Number64), ("lastTransitionTime!", Time), ("reason!", Text), ("message!", Text));

    public static readonly SchemaNode Conditions = Keyed(Condition, "type");

    public static readonly SchemaNode ObjectReference = Object(
        ("kind", Text), ("namespace", Text), ("name", Text), ("uid", Text), ("apiVersion", Text), ("resourceVersion", Text),
        ("fieldPath", Text)).Atomic();

    public static readonly SchemaNode LocalObjectReference = Object(("name", Text)).Atomic();

    public static readonly SchemaNode TypedLocalObjectReference = Object(
        ("apiGroup", OptionalText), ("kind!", Text), ("name!", Text)).Atomic();

    /// <summary>A whole object: its type, its metadata and the given members.</summary>
    public static SchemaNode Resource(string about, params (string Name, SchemaNode Node)[] members) => Object(
    [
        ("apiVersion", Text.About("Group and version of this representation.")),
        ("kind", Text.About("Kind of this object.")),
        ("metadata", ObjectMeta.Present().About("Standard metadata of the object.")),
        .. members,
    ]).About(about);
}
