using System.Text.Json.Nodes;
using Fairlead.Dev.Cel;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Runs the CEL rules of a schema over one object, within the budget of one request.</summary>
internal sealed class RuleValidator(List<FieldError> errors)
{
    private readonly CelBudget _budget = CelBudget.ForObject();

    /// <summary>Runs the rules of the node and everything below it.</summary>
    /// <param name="hasOld">Whether the stored value of the same place is known; only then do transition rules run.</param>
    public void Validate(JsonNode? value, JsonNode? old, bool hasOld, SchemaNode schema, FieldPath path)
    {
        if (value is null || !CompiledRules.AnyIn(schema))
            return;
        if (!schema.Validations.IsEmpty)
            RunRules(value, old, hasOld && old is not null, CompiledRules.Of(schema), path);
        switch (value)
        {
            case JsonObject obj:
                ValidateMembers(obj, hasOld ? old as JsonObject : null, schema, path);
                break;
            case JsonArray array when schema.Items is { } items:
                for (var i = 0; i < array.Count; i++)
                {
                    var hasPrevious = Correlation.TryFind(array[i], hasOld ? old : null, schema, out var previous);
                    Validate(array[i], previous, hasPrevious, items, path.Index(i));
                }

                break;
        }
    }

    private void ValidateMembers(JsonObject obj, JsonObject? old, SchemaNode schema, FieldPath path)
    {
        foreach (var (name, member) in obj)
        {
            var declared = schema.Properties.GetValueOrDefault(name);
            if ((declared ?? schema.AdditionalProperties) is not { } memberSchema)
                continue;
            var hasOld = old?.ContainsKey(name) ?? false;
            Validate(member, hasOld ? old![name] : null, hasOld, memberSchema, declared is null ? path.Key(name) : path.Member(name));
        }
    }

    private void RunRules(JsonNode value, JsonNode? old, bool hasOld, CompiledRules rules, FieldPath path)
    {
        var unchanged = hasOld && JsonNode.DeepEquals(value, old);
        var self = CelValue.FromJson(value, rules.Schema);
        var oldSelf = hasOld ? CelValue.FromJson(old, rules.Schema) : null;
        foreach (var rule in rules.Rules)
        {
            // A value that did not change may stay as it was accepted; a rule about changes needs both sides.
            if ((unchanged && !rule.UsesOldSelf) || (rule.UsesOldSelf && oldSelf is null && !rule.Rule.OptionalOldSelf))
                continue;
            if (_budget.Remaining == 0)
                return;
            Run(rule, Variables(rule, self, oldSelf), value, path);
        }
    }

    private static Dictionary<string, CelValue> Variables(CompiledRule rule, CelValue self, CelValue? oldSelf)
    {
        var variables = new Dictionary<string, CelValue>(StringComparer.Ordinal) { ["self"] = self };
        if (rule.Rule.OptionalOldSelf)
            variables["oldSelf"] = CelValue.Optional(oldSelf);
        else if (oldSelf is not null)
            variables["oldSelf"] = oldSelf;
        return variables;
    }

    private void Run(CompiledRule rule, Dictionary<string, CelValue> variables, JsonNode value, FieldPath path)
    {
        try
        {
            if (rule.Program.Evaluate(variables, _budget).TryGetBool(out var passed) && passed)
                return;
            var (type, place) = (TypeOf(rule.Rule.Reason), RuleFieldPath.Append(path, rule.Rule.FieldPath));
            errors.Add(new FieldError(type, place.ToString(), Message(rule, variables), Shown(value)));
        }
        catch (CelEvaluationException e) when (e.Reason == CelErrorReason.BudgetExceeded)
        {
            var detail = _budget.Remaining == 0
                ? "validation failed due to running out of cost budget, no further validation rules will be run"
                : $"call cost exceeds limit for rule: {rule.Rule.Rule}";
            errors.Add(new FieldError(FieldErrorType.Invalid, path.ToString(), detail, Shown(value)));
        }
        catch (CelEvaluationException e)
        {
            errors.Add(new FieldError(
                FieldErrorType.Invalid, path.ToString(), $"{e.Message} evaluating rule: {FixedMessage(rule.Rule)}", Shown(value)));
        }
    }

    private string Message(CompiledRule rule, Dictionary<string, CelValue> variables)
    {
        if (rule.MessageProgram is null)
            return FixedMessage(rule.Rule);
        try
        {
            // The API takes a message expression only when it gives one non-empty line.
            return rule.MessageProgram.Evaluate(variables, _budget).TryGetString(out var text)
                && text.Trim().Length > 0
                && !text.Contains('\n', StringComparison.Ordinal)
                ? text
                : FixedMessage(rule.Rule);
        }
        catch (CelEvaluationException)
        {
            return FixedMessage(rule.Rule);
        }
    }

    private static string FixedMessage(ValidationRule rule) =>
        string.IsNullOrEmpty(rule.Message) ? $"failed rule: {rule.Rule.Trim()}" : rule.Message;

    private static string? Shown(JsonNode value) => value is JsonValue ? JsonText.Of(value) : null;

    private static FieldErrorType TypeOf(string? reason) => reason switch
    {
        "FieldValueForbidden" => FieldErrorType.Forbidden,
        "FieldValueRequired" => FieldErrorType.Required,
        "FieldValueDuplicate" => FieldErrorType.Duplicate,
        _ => FieldErrorType.Invalid,
    };
}
