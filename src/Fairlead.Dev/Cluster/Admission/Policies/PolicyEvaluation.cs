using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Admission.Policies;

/// <summary>One policy on one request: its variables, conditions and validations.</summary>
internal sealed class PolicyEvaluation
{
    private readonly JsonObject _spec;
    private readonly Dictionary<string, CelValue> _values;
    private readonly CelBudget _budget = CelBudget.ForObject();
    private bool _hasVariables;

    public PolicyEvaluation(JsonObject policy, AdmissionRequest request, JsonObject? namespaceObject)
    {
        _spec = policy.Object("spec") ?? [];
        var schema = request.Definition.Schema;
        _values = new Dictionary<string, CelValue>
        {
            ["object"] = CelValue.FromJson(request.Object, schema),
            ["oldObject"] = CelValue.FromJson(request.OldObject, schema),
            ["request"] = CelValue.FromJson(Describe(request)),
            ["namespaceObject"] = CelValue.FromJson(namespaceObject),
            ["params"] = CelValue.Null,
            ["variables"] = CelValue.Of(new Dictionary<string, CelValue>()),
        };
    }

    private bool FailsOpen => _spec.Text("failurePolicy") == "Ignore";

    /// <summary>Whether all match conditions hold; one that cannot be decided is a violation unless failures are ignored.</summary>
    public bool Applies(List<PolicyViolation> violations)
    {
        var budget = CelBudget.ForMatchConditions();
        foreach (var condition in _spec.Objects("matchConditions"))
        {
            try
            {
                if (PolicyExpressions.Compile(condition.Text("expression") ?? "", CelKind.Bool).Evaluate(_values, budget) is var value &&
                    value.TryGetBool(out var holds) && !holds)
                {
                    return false;
                }
            }
            catch (Exception e) when (e is CelEvaluationException or CelCompileException)
            {
                if (!FailsOpen)
                    violations.Add(new PolicyViolation($"matchCondition '{condition.Text("name")}' resulted in error: {e.Message}", "Invalid"));
                return false;
            }
        }

        return true;
    }

    public IEnumerable<PolicyViolation> Violations() => _spec.Objects("validations").Select(Judge).OfType<PolicyViolation>();

    private static JsonObject Describe(AdmissionRequest request)
    {
        var type = request.Definition;
        return new JsonObject
        {
            ["kind"] = new JsonObject { ["group"] = type.Group, ["version"] = type.Version, ["kind"] = type.Kind },
            ["resource"] = new JsonObject { ["group"] = type.Group, ["version"] = type.Version, ["resource"] = type.Plural },
            ["subResource"] = request.Subresource ?? "",
            ["name"] = request.Name,
            ["namespace"] = request.Namespace,
            ["operation"] = request.Operation,
            ["dryRun"] = request.DryRun,
            ["userInfo"] = new JsonObject
            {
                ["username"] = request.User.Name,
                ["uid"] = request.User.Uid ?? "",
                ["groups"] = new JsonArray([.. request.User.Groups.Select(g => (JsonNode)g)]),
            },
        };
    }

    private PolicyViolation? Judge(JsonObject validation)
    {
        var expression = validation.Text("expression") ?? "";
        var reason = validation.Text("reason") ?? "Invalid";
        try
        {
            return Evaluate(expression, CelKind.Bool).TryGetBool(out var holds) && holds
                ? null
                : new PolicyViolation(Message(validation, expression), reason);
        }
        catch (Exception e) when (e is CelEvaluationException or CelCompileException)
        {
            return FailsOpen ? null : new PolicyViolation($"expression '{expression}' resulted in error: {e.Message}", "Invalid");
        }
    }

    private string Message(JsonObject validation, string expression)
    {
        if (validation.Text("messageExpression") is { } dynamicMessage)
        {
            try
            {
                if (Evaluate(dynamicMessage, CelKind.String).TryGetString(out var text) && text.Trim().Length > 0 && !text.Contains('\n', StringComparison.Ordinal))
                    return text;
            }
            catch (Exception e) when (e is CelEvaluationException or CelCompileException)
            {
                // As the API has it: a message that cannot be made gives way to the fixed one.
            }
        }

        return validation.Text("message") ?? $"failed expression: {expression.Trim()}";
    }

    private CelValue Evaluate(string expression, CelKind kind)
    {
        var program = PolicyExpressions.Compile(expression, kind);
        if (program.References.Contains("variables"))
            FillVariables();
        return program.Evaluate(_values, _budget);
    }

    // Each variable may use those before it. One that fails stays unset, so that only its users fail.
    private void FillVariables()
    {
        if (_hasVariables)
            return;
        _hasVariables = true;
        var known = new Dictionary<string, CelValue>();
        foreach (var variable in _spec.Objects("variables"))
        {
            try
            {
                known[variable.Text("name") ?? ""] = PolicyExpressions.Compile(variable.Text("expression") ?? "", CelKind.Dyn).Evaluate(_values, _budget);
                _values["variables"] = CelValue.Of(new Dictionary<string, CelValue>(known));
            }
            catch (Exception e) when (e is CelEvaluationException or CelCompileException)
            {
                // Its users report that it is not there.
            }
        }
    }
}
