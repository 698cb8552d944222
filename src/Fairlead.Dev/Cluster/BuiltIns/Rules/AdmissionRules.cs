using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;
using Fairlead.Dev.Cluster.Admission.Policies;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Admission policies and their bindings; webhooks are refused.</summary>
internal static class AdmissionRules
{
    private static readonly string[] Operations = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"];
    private static readonly string[] Reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"];

    public static void CheckPolicy(JsonObject policy, JsonObject? old, Problems problems)
    {
        var spec = policy.Object("spec") ?? [];
        if (spec.Object("matchConstraints") is not { } constraints)
            problems.Required("spec.matchConstraints");
        else if (constraints.Array("resourceRules") is not { Count: > 0 })
            problems.Required("spec.matchConstraints.resourceRules");
        else
            CheckMatch(constraints, "spec.matchConstraints", problems);
        if (spec.Array("validations") is not { Count: > 0 } && spec.Array("auditAnnotations") is not { Count: > 0 })
        {
            problems.Required("spec.validations", "validations or auditAnnotations must contain at least one item");
            problems.Required("spec.auditAnnotations", "validations or auditAnnotations must contain at least one item");
        }

        if (spec["paramKind"] is not null)
            problems.Forbidden("spec.paramKind", "parameters are not supported by this server");

        foreach (var (i, validation) in spec.Indexed("validations"))
            CheckValidation(validation, $"spec.validations[{i}]", problems);
        foreach (var (i, condition) in spec.Indexed("matchConditions"))
            CheckNamed(condition, CelKind.Bool, $"spec.matchConditions[{i}]", problems);
        foreach (var (i, variable) in spec.Indexed("variables"))
            CheckNamed(variable, CelKind.Dyn, $"spec.variables[{i}]", problems);
    }

    public static void CheckBinding(JsonObject binding, JsonObject? old, Problems problems)
    {
        var spec = binding.Object("spec") ?? [];
        if (spec.Text("policyName") is null or "")
            problems.Required("spec.policyName");
        if (spec["paramRef"] is not null)
            problems.Forbidden("spec.paramRef", "parameters are not supported by this server");
        if (spec.Object("matchResources") is { } match)
            CheckMatch(match, "spec.matchResources", problems);
        var actions = spec.Texts("validationActions").ToList();
        if (actions.Count == 0)
            problems.Required("spec.validationActions");
        if (actions.Contains("Deny") && actions.Contains("Warn"))
            problems.Invalid("spec.validationActions", spec["validationActions"], "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)");
    }

    public static void RefuseWebhooks(JsonObject configuration, JsonObject? old, Problems problems)
    {
        // Stored and never called, it would let through what a real server denies.
        if (configuration.Array("webhooks") is { Count: > 0 })
            problems.Forbidden("webhooks", "this server does not call webhooks; use a ValidatingAdmissionPolicy");
    }

    private static void CheckValidation(JsonObject validation, string path, Problems problems)
    {
        if (validation.Text("expression") is { } expression && expression.Trim().Length == 0)
            problems.Required($"{path}.expression", "expression is not specified");
        else
            CheckExpression(validation, "expression", CelKind.Bool, path, problems);
        CheckExpression(validation, "messageExpression", CelKind.String, path, problems);
        if (validation.Text("reason") is { } reason && !Reasons.Contains(reason))
            problems.NotSupported($"{path}.reason", reason, Reasons);
        if (validation.Text("message") is { } message && message.Contains('\n', StringComparison.Ordinal))
            problems.Invalid($"{path}.message", message, "message must not contain line breaks");
    }

    private static void CheckNamed(JsonObject item, CelKind kind, string path, Problems problems)
    {
        problems.RequiredText(item, path, "name");
        problems.RequiredText(item, path, "expression");
        CheckExpression(item, "expression", kind, path, problems);
    }

    private static void CheckExpression(JsonObject item, string member, CelKind kind, string path, Problems problems)
    {
        if (item.Text(member) is { Length: > 0 } expression && PolicyExpressions.Fault(expression, kind) is { } fault)
            problems.Invalid($"{path}.{member}", expression, $"compilation failed: {fault}");
    }

    private static void CheckMatch(JsonObject match, string path, Problems problems)
    {
        SelectorRules.Selector(match.Object("namespaceSelector"), $"{path}.namespaceSelector", problems);
        SelectorRules.Selector(match.Object("objectSelector"), $"{path}.objectSelector", problems);
        foreach (var list in (ReadOnlySpan<string>)["resourceRules", "excludeResourceRules"])
        {
            foreach (var (i, rule) in match.Indexed(list))
                CheckRule(rule, $"{path}.{list}[{i}]", problems);
        }
    }

    private static void CheckRule(JsonObject rule, string path, Problems problems)
    {
        foreach (var member in (ReadOnlySpan<string>)["operations", "apiGroups", "apiVersions", "resources"])
        {
            if (rule.Array(member) is not { Count: > 0 } values)
                problems.Required($"{path}.{member}");
            else if (values.Count > 1 && values.Any(v => v.Text() == "*"))
                problems.Invalid($"{path}.{member}", values, "if '*' is present, must not specify other values");
        }

        foreach (var (operation, i) in rule.Texts("operations").Select((o, i) => (o, i)))
        {
            if (!Operations.Contains(operation))
                problems.NotSupported($"{path}.operations[{i}]", operation, Operations);
        }
    }
}
