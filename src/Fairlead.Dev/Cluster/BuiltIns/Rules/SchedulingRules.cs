using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What tolerations, affinity and topology spread must satisfy.</summary>
internal static class SchedulingRules
{
    private static readonly string[] NodeOperators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];

    public static void Check(JsonObject spec, string path, Problems problems)
    {
        foreach (var (i, toleration) in spec.Indexed("tolerations"))
            CheckToleration(toleration, $"{path}.tolerations[{i}]", problems);
        CheckSpread(spec, path, problems);
        if (spec.Object("affinity") is not { } affinity)
            return;

        CheckNodeAffinity(affinity.Object("nodeAffinity"), $"{path}.affinity.nodeAffinity", problems);
        foreach (var kind in (ReadOnlySpan<string>)["podAffinity", "podAntiAffinity"])
            CheckPodAffinity(affinity.Object(kind), $"{path}.affinity.{kind}", problems);
    }

    private static void CheckToleration(JsonObject toleration, string path, Problems problems)
    {
        if (toleration.Text("key") is { } key)
            problems.Check($"{path}.key", key, Names.QualifiedName(key));
        else if (toleration.Text("operator") != "Exists")
            problems.Invalid($"{path}.operator", toleration["operator"] ?? "", "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        if (toleration.Text("operator") == "Exists" && toleration["value"] is not null)
            problems.Invalid($"{path}.operator", toleration["value"], "value must be empty when `operator` is 'Exists'");
        else if (toleration.Text("value") is { } value)
            problems.Check($"{path}.operator", value, Names.LabelValue(value));
        if (toleration["tolerationSeconds"] is not null && toleration.Text("effect") != "NoExecute")
            problems.Invalid($"{path}.effect", toleration["effect"] ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set");
    }

    private static void CheckSpread(JsonObject spec, string path, Problems problems)
    {
        var seen = new HashSet<(string?, string?)>();
        foreach (var (i, constraint) in spec.Indexed("topologySpreadConstraints"))
        {
            var at = $"{path}.topologySpreadConstraints[{i}]";
            if (constraint.Integer("maxSkew") is { } skew and <= 0)
                problems.Invalid($"{at}.maxSkew", skew, "must be greater than zero");
            if (constraint.Text("topologyKey") is { Length: > 0 } key)
                problems.Check($"{at}.topologyKey", key, Names.QualifiedName(key));
            else
                problems.RequiredText(constraint, at, "topologyKey", "can not be empty");
            if (constraint.Integer("minDomains") is { } domains and <= 0)
                problems.Invalid($"{at}.minDomains", domains, "must be greater than zero");
            if (!seen.Add((constraint.Text("topologyKey"), constraint.Text("whenUnsatisfiable"))))
                problems.Duplicate($"{at}.{{topologyKey, whenUnsatisfiable}}", $"{{{constraint.Text("topologyKey")}, {constraint.Text("whenUnsatisfiable")}}}");
            SelectorRules.Selector(constraint.Object("labelSelector"), $"{at}.labelSelector", problems);
        }
    }

    private static void CheckNodeAffinity(JsonObject? affinity, string path, Problems problems)
    {
        const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
        const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";
        if (affinity.Object(Required) is { } selector)
        {
            if (selector["nodeSelectorTerms"] is JsonArray { Count: 0 })
                problems.Required($"{path}.{Required}.nodeSelectorTerms", "must have at least one node selector term");
            foreach (var (i, term) in selector.Indexed("nodeSelectorTerms"))
                CheckTerm(term, $"{path}.{Required}.nodeSelectorTerms[{i}]", problems);
        }

        foreach (var (i, preference) in affinity.Indexed(Preferred))
        {
            CheckWeight(preference, $"{path}.{Preferred}[{i}]", problems);
            CheckTerm(preference.Object("preference"), $"{path}.{Preferred}[{i}].preference", problems);
        }
    }

    private static void CheckTerm(JsonObject? term, string path, Problems problems)
    {
        foreach (var (i, requirement) in term.Indexed("matchExpressions"))
        {
            var at = $"{path}.matchExpressions[{i}]";
            var values = requirement.Array("values")?.Count ?? 0;
            switch (requirement.Text("operator"))
            {
                case "In" or "NotIn" when values == 0:
                    problems.Required($"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                    break;
                case "Exists" or "DoesNotExist" when values > 0:
                    problems.Forbidden($"{at}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                    break;
                case "Gt" or "Lt" when values != 1:
                    problems.Required($"{at}.values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                    break;
                case { } other when !NodeOperators.Contains(other):
                    problems.Invalid($"{at}.operator", other, "not a valid selector operator");
                    break;
            }

            if (requirement.Text("key") is { } key)
                problems.Check($"{at}.key", key, Names.QualifiedName(key));
        }
    }

    private static void CheckPodAffinity(JsonObject? affinity, string path, Problems problems)
    {
        foreach (var (i, term) in affinity.Indexed("requiredDuringSchedulingIgnoredDuringExecution"))
            CheckPodTerm(term, $"{path}.requiredDuringSchedulingIgnoredDuringExecution[{i}]", problems);
        foreach (var (i, preference) in affinity.Indexed("preferredDuringSchedulingIgnoredDuringExecution"))
        {
            var at = $"{path}.preferredDuringSchedulingIgnoredDuringExecution[{i}]";
            CheckWeight(preference, at, problems);
            CheckPodTerm(preference.Object("podAffinityTerm"), $"{at}.podAffinityTerm", problems);
        }
    }

    private static void CheckPodTerm(JsonObject? term, string path, Problems problems)
    {
        SelectorRules.Selector(term.Object("labelSelector"), $"{path}.labelSelector", problems);
        if (term.Text("topologyKey") is { Length: > 0 } key)
            problems.Check($"{path}.topologyKey", key, Names.QualifiedName(key));
        else
            problems.RequiredText(term, path, "topologyKey", "can not be empty");
    }

    private static void CheckWeight(JsonObject preference, string path, Problems problems)
    {
        if (preference.Integer("weight") is { } weight && weight is < 1 or > 100)
            problems.Invalid($"{path}.weight", weight, "must be in the range 1-100");
    }
}
