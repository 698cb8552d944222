using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Labels and label selectors.</summary>
internal static class SelectorRules
{
    public static void Labels(JsonObject? labels, string path, Problems problems)
    {
        foreach (var (key, value) in labels ?? [])
        {
            problems.Check(path, JsonValue.Create(key), Names.QualifiedName(key));
            if (value.Text() is { } text)
                problems.Check(path, value, Names.LabelValue(text));
        }
    }

    public static void Annotations(JsonObject? annotations, string path, Problems problems)
    {
        foreach (var (key, _) in annotations ?? [])
            problems.Check(path, JsonValue.Create(key), Names.QualifiedName(key.ToLowerInvariant()));
    }

    public static void Selector(JsonObject? selector, string path, Problems problems)
    {
        Labels(selector.Object("matchLabels"), $"{path}.matchLabels", problems);
        foreach (var (i, requirement) in selector.Indexed("matchExpressions"))
            Requirement(requirement, $"{path}.matchExpressions[{i}]", problems);
    }

    private static void Requirement(JsonObject requirement, string path, Problems problems)
    {
        var hasValues = requirement.Array("values") is { Count: > 0 };
        switch (requirement.Text("operator"))
        {
            case "In" or "NotIn" when !hasValues:
                problems.Required($"{path}.values", "must be specified when `operator` is 'In' or 'NotIn'");
                break;
            case "Exists" or "DoesNotExist" when hasValues:
                problems.Forbidden($"{path}.values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
                break;
            case "In" or "NotIn" or "Exists" or "DoesNotExist":
                break;
            default:
                problems.Invalid($"{path}.operator", requirement["operator"], "not a valid selector operator");
                break;
        }

        if (requirement.Text("key") is { } key)
            problems.Check($"{path}.key", requirement["key"], Names.QualifiedName(key));
    }
}
