using System.Collections.Frozen;
using static Fairlead.Dev.Cluster.Serialization.Protobuf.ProtobufFieldType;

namespace Fairlead.Dev.Cluster.Serialization.Protobuf;

/// <summary>
/// The types that command-line tools send as protobuf without falling back to JSON; field numbers as in the generated.proto
/// files of the Kubernetes API.
/// </summary>
internal static class ProtobufTypes
{
    private static readonly ProtobufMessage OwnerReference = new(
        (1, new("kind")), (3, new("name")), (4, new("uid")), (5, new("apiVersion")), (6, new("controller", Flag)), (7, new("blockOwnerDeletion", Flag)));

    private static readonly ProtobufMessage ObjectMeta = new(
        (1, new("name")), (2, new("generateName")), (3, new("namespace")), (5, new("uid")), (6, new("resourceVersion")),
        (7, new("generation", Integer)), (8, new("creationTimestamp", Time)), (9, new("deletionTimestamp", Time)),
        (10, new("deletionGracePeriodSeconds", Integer)), (11, new("labels", TextMap)), (12, new("annotations", TextMap)),
        (13, new("ownerReferences", Message, true, OwnerReference)), (14, new("finalizers", Text, true)));

    private static readonly (int, ProtobufField) Metadata = (1, new("metadata", Message, false, ObjectMeta));

    private static readonly ProtobufMessage AccessSpec = new(
        (1, new("resourceAttributes", Message, false, new ProtobufMessage(
            (1, new("namespace")), (2, new("verb")), (3, new("group")), (4, new("version")), (5, new("resource")), (6, new("subresource")),
            (7, new("name"))))),
        (2, new("nonResourceAttributes", Message, false, new ProtobufMessage((1, new("path")), (2, new("verb"))))));

    private static readonly ProtobufMessage TokenSpec = new(
        (1, new("audiences", Text, true)),
        (3, new("boundObjectRef", Message, false, new ProtobufMessage((1, new("kind")), (2, new("apiVersion")), (3, new("name")), (4, new("uid"))))),
        (4, new("expirationSeconds", Integer)));

    private static readonly ProtobufMessage DeleteOptions = new(
        (1, new("gracePeriodSeconds", Integer)),
        (2, new("preconditions", Message, false, new ProtobufMessage((1, new("uid")), (2, new("resourceVersion"))))),
        (3, new("orphanDependents", Flag)), (4, new("propagationPolicy")), (5, new("dryRun", Text, true)));

    private static readonly FrozenDictionary<string, ProtobufMessage> Known = new Dictionary<string, ProtobufMessage>
    {
        ["authorization.k8s.io/v1 SelfSubjectAccessReview"] = new(Metadata, (2, new("spec", Message, false, AccessSpec))),
        ["authorization.k8s.io/v1 SelfSubjectRulesReview"] = new(
            Metadata, (2, new("spec", Message, false, new ProtobufMessage((1, new("namespace")))))),
        ["authentication.k8s.io/v1 SelfSubjectReview"] = new(Metadata),
        ["authentication.k8s.io/v1 TokenRequest"] = new(Metadata, (2, new("spec", Message, false, TokenSpec))),
        ["v1 DeleteOptions"] = DeleteOptions,
        ["v1 Namespace"] = new(Metadata),
        ["v1 ServiceAccount"] = new(Metadata),
        ["v1 ConfigMap"] = new(Metadata, (2, new("data", TextMap)), (3, new("binaryData", BytesMap)), (4, new("immutable", Flag))),
        ["v1 Secret"] = new(
            Metadata, (2, new("data", BytesMap)), (3, new("type")), (4, new("stringData", TextMap)), (5, new("immutable", Flag))),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static ProtobufMessage? Find(string apiVersion, string kind) => Known.GetValueOrDefault($"{apiVersion} {kind}");
}
