using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.Authorization.Reviews;

/// <summary>Schemas of reviews.</summary>
internal static class ReviewShapes
{
    private static readonly SchemaNode FieldAttributes = Object(
        ("rawSelector", Text), ("requirements", List(Object(("key!", Text), ("operator!", Text), ("values", TextList)))));

    private static readonly (string, SchemaNode)[] Attributes =
    [
        ("resourceAttributes", Object(
            ("namespace", Text), ("verb", Text), ("group", Text), ("version", Text), ("resource", Text), ("subresource", Text), ("name", Text),
            ("fieldSelector", FieldAttributes), ("labelSelector", FieldAttributes))),
        ("nonResourceAttributes", Object(("path", Text), ("verb", Text))),
    ];

    private static readonly SchemaNode Extra = MapOf(List(OptionalText));

    private static readonly SchemaNode AccessStatus = Object(("allowed!", Flag), ("denied", Flag), ("reason", Text), ("evaluationError", Text));

    private static readonly SchemaNode UserInfo = Object(("username", Text), ("uid", Text), ("groups", TextList), ("extra", Extra));

    public static readonly SchemaNode SubjectAccess = Resource(
        "Asks whether a user may do something.",
        ("spec!", Object([.. Attributes, ("user", Text), ("groups", TextList), ("extra", Extra), ("uid", Text)])), ("status", AccessStatus));

    public static readonly SchemaNode SelfSubjectAccess = Resource(
        "Asks whether the asker may do something.", ("spec!", Object(Attributes)), ("status", AccessStatus));

    public static readonly SchemaNode SelfSubjectRules = Resource(
        "Asks what the asker may do in a namespace.",
        ("spec!", Object(("namespace", Text))),
        ("status", Object(
            ("resourceRules!", List(Object(("verbs!", TextList), ("apiGroups", TextList), ("resources", TextList), ("resourceNames", TextList)))),
            ("nonResourceRules!", List(Object(("verbs!", TextList), ("nonResourceURLs", TextList)))),
            ("incomplete!", Flag), ("evaluationError", Text))));

    public static readonly SchemaNode Token = Resource(
        "Asks whom a token stands for.",
        ("spec!", Object(("token", Text), ("audiences", TextList))),
        ("status", Object(("authenticated", Flag), ("user", UserInfo), ("audiences", TextList), ("error", Text))));

    public static readonly SchemaNode SelfSubject = Resource("Asks who the asker is.", ("status", Object(("userInfo", UserInfo))));
}
