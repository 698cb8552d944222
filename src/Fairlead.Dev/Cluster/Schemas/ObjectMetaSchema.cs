using System.Collections.Immutable;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Schema of <c>metadata</c> and of the members every resource has.</summary>
public static class ObjectMetaSchema
{
    private static readonly SchemaNode Text = new() { Type = "string" };

    private static readonly SchemaNode Time = new() { Type = "string", Format = "date-time" };

    private static readonly SchemaNode TextMap = new() { Type = "object", AdditionalProperties = Text };

    private static readonly SchemaNode OwnerReference = new()
    {
        Type = "object",
        AtomicMap = true,
        Required = ["apiVersion", "kind", "name", "uid"],
        Properties = Members(
            ("apiVersion", Text with { Description = "API version of the referent." }),
            ("blockOwnerDeletion", new SchemaNode
            {
                Type = "boolean",
                Description = "If true, and the owner has the foregroundDeletion finalizer, the owner is kept until this reference is gone.",
            }),
            ("controller", new SchemaNode { Type = "boolean", Description = "If true, this reference points to the managing controller." }),
            ("kind", Text with { Description = "Kind of the referent." }),
            ("name", Text with { Description = "Name of the referent." }),
            ("uid", Text with { Description = "UID of the referent." })),
    };

    private static readonly SchemaNode ManagedFieldsEntry = new()
    {
        Type = "object",
        Properties = Members(
            ("apiVersion", Text),
            ("fieldsType", Text),
            ("fieldsV1", new SchemaNode { Type = "object", PreserveUnknownFields = true }),
            ("manager", Text),
            ("operation", Text),
            ("subresource", Text),
            ("time", Time)),
    };

    /// <summary><c>metadata</c> of a resource.</summary>
    public static SchemaNode ObjectMeta { get; } = new()
    {
        Type = "object",
        Description = "Standard object's metadata.",
        Properties = Members(
            ("annotations", TextMap with { Description = "Unstructured key value map for tools; not queryable." }),
            ("creationTimestamp", Time with { Description = "When the server created the object.", Nullable = true }),
            ("deletionGracePeriodSeconds", new SchemaNode { Type = "integer", Format = "int64" }),
            ("deletionTimestamp", Time with { Description = "When the object is to be deleted; set by the server.", Nullable = true }),
            ("finalizers", new SchemaNode
            {
                Type = "array",
                Items = Text,
                ListType = ListType.Set,
                PatchStrategy = PatchStrategy.Merge,
                Description = "Must be empty before the object is deleted.",
            }),
            ("generateName", Text with { Description = "Prefix of a name the server makes up." }),
            ("generation", new SchemaNode { Type = "integer", Format = "int64", Description = "Counts changes of the desired state." }),
            ("labels", TextMap with { Description = "Keys and values that organise and select objects." }),
            ("managedFields", new SchemaNode
            {
                Type = "array",
                Items = ManagedFieldsEntry,
                ListType = ListType.Atomic,
                Description = "Which manager set which fields.",
            }),
            ("name", Text with { Description = "Unique within a namespace." }),
            ("namespace", Text with { Description = "The space within which the name is unique." }),
            ("ownerReferences", new SchemaNode
            {
                Type = "array",
                Items = OwnerReference,
                ListType = ListType.Map,
                ListMapKeys = ["uid"],
                PatchMergeKey = "uid",
                PatchStrategy = PatchStrategy.Merge,
                Description = "Objects this object depends on.",
            }),
            ("resourceVersion", Text with { Description = "Opaque version for optimistic concurrency." }),
            ("selfLink", Text),
            ("uid", Text with { Description = "Unique in time and space; set by the server." })),
    };

    /// <summary><c>apiVersion</c>, <c>kind</c> and <c>metadata</c>, by name.</summary>
    public static ImmutableSortedDictionary<string, SchemaNode> TypeAndMeta { get; } = Members(
        ("apiVersion", Text with { Description = "Versioned schema of this representation of an object." }),
        ("kind", Text with { Description = "The REST resource this object represents." }),
        ("metadata", ObjectMeta));

    private static ImmutableSortedDictionary<string, SchemaNode> Members(params ReadOnlySpan<(string Name, SchemaNode Schema)> members)
    {
        var builder = ImmutableSortedDictionary.CreateBuilder<string, SchemaNode>(StringComparer.Ordinal);
        foreach (var (name, schema) in members)
            builder.Add(name, schema);
        return builder.ToImmutable();
    }
}
