using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Roles and their bindings.</summary>
internal static class RoleRules
{
    private const string Group = "rbac.authorization.k8s.io";

    public static void Prepare(JsonObject obj, JsonObject? old)
    {
        foreach (var subject in obj.Objects("subjects"))
        {
            if (subject["apiGroup"] is null && subject.Text("kind") is "User" or "Group")
                subject["apiGroup"] = Group;
        }
    }

    public static void Check(JsonObject obj, JsonObject? old, Problems problems)
    {
        if (obj.Text("kind") is "RoleBinding" or "ClusterRoleBinding")
        {
            CheckBinding(obj, old, problems);
            return;
        }

        var isNamespaced = obj.Text("kind") == "Role";
        foreach (var (i, rule) in obj.Indexed("rules"))
            CheckRule(rule, isNamespaced, $"rules[{i}]", problems);
        foreach (var (i, selector) in obj.Object("aggregationRule").Indexed("clusterRoleSelectors"))
            SelectorRules.Selector(selector, $"aggregationRule.clusterRoleSelectors[{i}]", problems);
    }

    private static void CheckRule(JsonObject rule, bool isNamespaced, string path, Problems problems)
    {
        if (rule.Array("verbs") is { Count: 0 })
            problems.Required($"{path}.verbs", "verbs must contain at least one value");
        if (rule.Array("nonResourceURLs") is { Count: > 0 } urls)
        {
            if (isNamespaced)
                problems.Invalid($"{path}.nonResourceURLs", urls, "namespaced rules cannot apply to non-resource URLs");
            if (HasAny(rule, "apiGroups", "resources", "resourceNames"))
                problems.Invalid($"{path}.nonResourceURLs", urls, "rules cannot apply to both regular resources and non-resource URLs");
            return;
        }

        if (!HasAny(rule, "apiGroups"))
            problems.Required($"{path}.apiGroups", "resource rules must supply at least one api group");
        if (!HasAny(rule, "resources"))
            problems.Required($"{path}.resources", "resource rules must supply at least one resource");
    }

    private static void CheckBinding(JsonObject binding, JsonObject? old, Problems problems)
    {
        var roleRef = binding.Object("roleRef");
        if (roleRef.Text("apiGroup") is { } group && group != Group)
            problems.NotSupported("roleRef.apiGroup", group, Group);
        string[] kinds = binding.Text("kind") == "RoleBinding" ? ["ClusterRole", "Role"] : ["ClusterRole"];
        if (roleRef.Text("kind") is { } kind && !kinds.Contains(kind))
            problems.NotSupported("roleRef.kind", kind, kinds);
        problems.RequiredText(roleRef, "roleRef", "name");
        foreach (var (i, subject) in binding.Indexed("subjects"))
            CheckSubject(subject, binding.Text("kind") == "ClusterRoleBinding", $"subjects[{i}]", problems);
        if (old is not null && !JsonNode.DeepEquals(binding["roleRef"], old["roleRef"]))
            problems.Invalid("roleRef", roleRef, "cannot change roleRef");
    }

    private static void CheckSubject(JsonObject subject, bool needsNamespace, string path, Problems problems)
    {
        problems.RequiredText(subject, path, "name");
        switch (subject.Text("kind"))
        {
            case "ServiceAccount":
                if (subject.Text("name") is { Length: > 0 } name)
                    problems.Check($"{path}.name", name, Names.DnsSubdomain(name));
                if (subject.Text("apiGroup") is { Length: > 0 } group)
                    problems.NotSupported($"{path}.apiGroup", group, "");
                if (needsNamespace && subject.Text("namespace") is null)
                    problems.Required($"{path}.namespace");
                break;
            case "User" or "Group":
                if (subject.Text("apiGroup") != Group)
                    problems.NotSupported($"{path}.apiGroup", subject["apiGroup"], Group);
                break;
            case { } other:
                problems.NotSupported($"{path}.kind", other, "Group", "ServiceAccount", "User");
                break;
        }
    }

    private static bool HasAny(JsonObject rule, params ReadOnlySpan<string> members)
    {
        foreach (var member in members)
        {
            if (rule.Array(member) is { Count: > 0 })
                return true;
        }

        return false;
    }
}
