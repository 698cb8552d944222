using Fairlead.Dev.Cluster.Schemas;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.MetaShapes;
using static Fairlead.Dev.Cluster.BuiltIns.Shapes.Shape;

namespace Fairlead.Dev.Cluster.BuiltIns.Shapes;

/// <summary>Group <c>admissionregistration.k8s.io</c>.</summary>
internal static class AdmissionShapes
{
    private static readonly SchemaNode Scope = OptionalOneOf("Cluster", "Namespaced", "*").Default("*");

    private static readonly SchemaNode WebhookRule = Object(
        ("operations", TextList), ("apiGroups", TextList), ("apiVersions", TextList), ("resources", TextList), ("scope", Scope));

    private static readonly SchemaNode NamedRule = Object(
        ("resourceNames", TextList), ("operations", TextList), ("apiGroups", TextList), ("apiVersions", TextList), ("resources", TextList),
        ("scope", Scope)).Atomic();

    private static readonly SchemaNode MatchResources = Object(
        ("namespaceSelector", LabelSelector.Present()), ("objectSelector", LabelSelector.Present()), ("resourceRules", List(NamedRule)),
        ("excludeResourceRules", List(NamedRule)), ("matchPolicy", OptionalOneOf("Exact", "Equivalent").Default("Equivalent"))).Atomic();

    private static readonly SchemaNode MatchCondition = Object(("name!", Text), ("expression!", Text));

    private static readonly SchemaNode FailurePolicy = OptionalOneOf("Ignore", "Fail").Default("Fail");

    public static readonly SchemaNode ValidatingAdmissionPolicy = Resource(
        "Rules in CEL that requests must satisfy.",
        ("spec", Object(
            ("paramKind", Object(("apiVersion", Text), ("kind", Text)).Atomic()),
            ("matchConstraints", MatchResources.About("Which requests the policy looks at.")),
            ("validations", List(Object(("expression!", Text), ("message", Text), ("reason", OptionalText), ("messageExpression", Text)))),
            ("failurePolicy", FailurePolicy),
            ("auditAnnotations", List(Object(("key!", Text), ("valueExpression!", Text)))),
            ("matchConditions", Keyed(MatchCondition, "name")),
            ("variables", Keyed(Object(("name!", Text), ("expression!", Text)).Atomic(), "name"))).Present()),
        ("status", Object(
            ("observedGeneration", Number64),
            ("typeChecking", Object(("expressionWarnings", List(Object(("fieldRef!", Text), ("warning!", Text)))))),
            ("conditions", Conditions with { PatchMergeKey = null, PatchStrategy = PatchStrategy.Replace })).Present()));

    public static readonly SchemaNode ValidatingAdmissionPolicyBinding = Resource(
        "Puts a policy into force.",
        ("spec", Object(
            ("policyName!", Text),
            ("paramRef", Object(
                ("name", Text), ("namespace", Text), ("selector", LabelSelector), ("parameterNotFoundAction", OptionalOneOf("Allow", "Deny"))).Atomic()),
            ("matchResources", MatchResources),
            ("validationActions!", SetOf(OneOf("Deny", "Warn", "Audit").KeepEmpty()))).Present()));

    private static readonly SchemaNode ClientConfig = Object(
        ("url", OptionalText),
        ("service", Object(("namespace!", Text), ("name!", Text), ("path", OptionalText), ("port", OptionalNumber32.Default(443)))),
        ("caBundle", Bytes));

    private static readonly (string, SchemaNode)[] WebhookMembers =
    [
        ("name!", Text), ("clientConfig!", ClientConfig), ("rules", List(WebhookRule)),
        ("failurePolicy", FailurePolicy),
        ("matchPolicy", OptionalOneOf("Exact", "Equivalent").Default("Equivalent")),
        ("namespaceSelector", LabelSelector.Present()), ("objectSelector", LabelSelector.Present()), ("sideEffects!", OptionalText),
        ("timeoutSeconds", OptionalNumber32.Default(10)), ("admissionReviewVersions!", TextList), ("matchConditions", Keyed(MatchCondition, "name")),
    ];

    public static readonly SchemaNode ValidatingWebhookConfiguration = Resource(
        "Webhooks that judge requests.", ("webhooks", Keyed(Object(WebhookMembers), "name")));

    public static readonly SchemaNode MutatingWebhookConfiguration = Resource(
        "Webhooks that change requests.",
        ("webhooks", Keyed(
            Object([.. WebhookMembers, ("reinvocationPolicy", OptionalOneOf("Never", "IfNeeded").Default("Never"))]), "name")));
}
