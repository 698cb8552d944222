using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Group <c>rbac.authorization.k8s.io</c>.</summary>
internal static class RbacShapes
{
    private static readonly SchemaNode PolicyRule = Object(
        ("verbs!", TextList), ("apiGroups", TextList), ("resources", TextList), ("resourceNames", TextList), ("nonResourceURLs", TextList));

    private static readonly SchemaNode Rules = (List(PolicyRule) with { Nullable = true }).KeepEmpty();

    private static readonly SchemaNode Subject = Object(
        ("kind!", Text), ("apiGroup", Text), ("name!", Text), ("namespace", Text)).Atomic();

    private static readonly SchemaNode RoleRef = Object(("apiGroup", Text.Default("rbac.authorization.k8s.io")), ("kind!", Text), ("name!", Text)).Atomic();

    public static readonly SchemaNode Role = Resource("Permissions within a namespace.", ("rules", Rules.About("What is allowed.")));

    public static readonly SchemaNode ClusterRole = Resource(
        "Permissions in the whole cluster.",
        ("rules", Rules.About("What is allowed.")),
        ("aggregationRule", Object(("clusterRoleSelectors", List(LabelSelector))).About("Which ClusterRoles this one sums up.")));

    public static readonly SchemaNode Binding = Resource(
        "Grants a role's permissions to subjects.",
        ("subjects", List(Subject).About("Who gets the permissions.")),
        ("roleRef!", RoleRef.About("The role; cannot change.")));
}
