using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Finds the rules that bindings grant to a user, as they are at the moment.</summary>
internal sealed class GrantedRules(IClusterApi api)
{
    public const string Group = "rbac.authorization.k8s.io";

    /// <summary>Rules for the user in a namespace, or cluster-wide ones only when it is empty; with what grants each.</summary>
    public IEnumerable<(RoleRule Rule, string Grant)> For(UserInfo user, string ns)
    {
        foreach (var granted in FromBindings(user, "clusterrolebindings", null))
            yield return granted;
        if (ns.Length == 0)
            yield break;
        foreach (var granted in FromBindings(user, "rolebindings", ns))
            yield return granted;
    }

    /// <summary>The role that a binding refers to; null when it does not exist.</summary>
    public JsonObject? RoleOf(JsonObject binding, string? ns)
    {
        var reference = binding.Object("roleRef");
        return reference.Text("name") is not { Length: > 0 } name ? null
            : reference.Text("kind") == "Role" ? api.Get(Group, "roles", ns, name) : api.Get(Group, "clusterroles", null, name);
    }

    private IEnumerable<(RoleRule Rule, string Grant)> FromBindings(UserInfo user, string plural, string? ns)
    {
        foreach (var binding in api.List(Group, plural, ns))
        {
            if (binding.Objects("subjects").FirstOrDefault(s => IsMeant(s, user, ns)) is not { } subject)
                continue;
            foreach (var rule in RoleRule.ReadAll(RoleOf(binding, ns)))
                yield return (rule, Describe(binding, subject, ns));
        }
    }

    private static bool IsMeant(JsonObject subject, UserInfo user, string? ns)
    {
        var name = subject.Text("name");
        return subject.Text("kind") switch
        {
            "User" => name == user.Name,
            "Group" => name is not null && user.Groups.Contains(name),
            "ServiceAccount" => $"system:serviceaccount:{subject.Text("namespace") ?? ns}:{name}" == user.Name,
            _ => false,
        };
    }

    private static string Describe(JsonObject binding, JsonObject subject, string? ns)
    {
        var name = ns is null ? binding.Name() : $"{binding.Name()}/{ns}";
        var shown = subject.Text("kind") == "ServiceAccount" ? $"{subject.Text("name")}/{subject.Text("namespace") ?? ns}" : subject.Text("name");
        var role = binding.Object("roleRef");
        return $"RBAC: allowed by {(ns is null ? "ClusterRoleBinding" : "RoleBinding")} \"{name}\" of {role.Text("kind")} \"{role.Text("name")}\" " +
            $"to {subject.Text("kind")} \"{shown}\"";
    }
}
