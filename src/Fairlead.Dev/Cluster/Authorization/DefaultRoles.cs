using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>Roles and bindings that every cluster has from its start.</summary>
public static class DefaultRoles
{
    private const string AggregateLabel = "rbac.authorization.k8s.io/aggregate-to-";

    private static readonly string[] Read = ["get", "list", "watch"];
    private static readonly string[] Write = ["create", "delete", "deletecollection", "patch", "update"];

    private static readonly string[] PublicPaths = ["/healthz", "/livez", "/readyz", "/version", "/version/"];

    private static readonly string[] CoreReadable =
    [
        "configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "pods/log", "pods/status",
        "replicationcontrollers", "replicationcontrollers/scale", "replicationcontrollers/status", "serviceaccounts", "services", "services/status",
        "bindings", "events", "limitranges", "namespaces", "namespaces/status", "resourcequotas", "resourcequotas/status",
    ];

    private static readonly string[] CoreWritable =
    [
        "configmaps", "events", "persistentvolumeclaims", "pods", "replicationcontrollers", "replicationcontrollers/scale", "secrets",
        "serviceaccounts", "services", "services/proxy", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "pods/eviction",
    ];

    private static readonly string[] Workloads =
    [
        "daemonsets", "deployments", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets", "statefulsets/scale",
        "controllerrevisions",
    ];

    /// <summary>ClusterRoles, as JSON objects to create.</summary>
    public static IEnumerable<JsonObject> ClusterRoles() =>
    [
        Role("cluster-admin", Rule(["*"], ["*"], ["*"]), Paths(["*"], "*")),
        Role("system:discovery", Paths(["get"], [.. PublicPaths, "/api", "/api/*", "/apis", "/apis/*", "/openapi", "/openapi/*"])),
        Role("system:public-info-viewer", Paths(["get"], PublicPaths)),
        Role(
            "system:basic-user",
            Rule(["create"], ["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
            Rule(["create"], ["authentication.k8s.io"], ["selfsubjectreviews"])),
        Role("system:service-account-issuer-discovery", Paths(["get"], "/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/")),
        Role("system:auth-delegator",
            Rule(["create"], ["authentication.k8s.io"], ["tokenreviews"]), Rule(["create"], ["authorization.k8s.io"], ["subjectaccessreviews"])),
        Aggregated("admin", "admin"),
        Labelled(Aggregated("edit", "edit"), "admin"),
        Labelled(Aggregated("view", "view"), "edit"),
        Labelled(Role(
            "system:aggregate-to-admin",
            Rule(["create"], ["authorization.k8s.io"], ["localsubjectaccessreviews"]),
            Rule([.. Write, .. Read], ["rbac.authorization.k8s.io"], ["rolebindings", "roles"])), "admin"),
        Labelled(Role(
            "system:aggregate-to-edit",
            Rule(Read, [""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]),
            Rule(["impersonate"], [""], ["serviceaccounts"]),
            Rule(Write, [""], CoreWritable),
            Rule(["create"], [""], ["serviceaccounts/token"]),
            Rule(Write, ["apps"], Workloads),
            Rule(Write, ["autoscaling"], ["horizontalpodautoscalers"]),
            Rule(Write, ["batch"], ["cronjobs", "jobs"]),
            Rule(Write, ["policy"], ["poddisruptionbudgets"]),
            Rule(Write, ["networking.k8s.io"], ["ingresses", "networkpolicies"]),
            Rule(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"], ["coordination.k8s.io"], ["leases"])), "edit"),
        Labelled(Role(
            "system:aggregate-to-view",
            Rule(Read, [""], CoreReadable),
            Rule(Read, ["discovery.k8s.io"], ["endpointslices"]),
            Rule(Read, ["apps"], [.. Workloads, .. Workloads.Where(w => !w.Contains('/', StringComparison.Ordinal)).Select(w => w + "/status")]),
            Rule(Read, ["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"]),
            Rule(Read, ["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"]),
            Rule(Read, ["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"]),
            Rule(Read, ["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"])), "view"),
    ];

    /// <summary>ClusterRoleBindings, as JSON objects to create.</summary>
    public static IEnumerable<JsonObject> ClusterRoleBindings() =>
    [
        Binding("cluster-admin", "system:masters"),
        Binding("system:discovery", "system:authenticated"),
        Binding("system:basic-user", "system:authenticated"),
        Binding("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
        Binding("system:service-account-issuer-discovery", "system:serviceaccounts"),
    ];

    private static JsonObject Role(string name, params JsonObject[] rules) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRole",
        ["metadata"] = Metadata(name),
        ["rules"] = new JsonArray([.. rules]),
    };

    private static JsonObject Aggregated(string name, string label)
    {
        var role = Role(name);
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray((JsonNode)new JsonObject { ["matchLabels"] = new JsonObject { [AggregateLabel + label] = "true" } }),
        };
        return role;
    }

    private static JsonObject Labelled(JsonObject role, string target)
    {
        role.Object("metadata").Object("labels")![AggregateLabel + target] = "true";
        return role;
    }

    private static JsonObject Binding(string name, params string[] groups) => new()
    {
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["kind"] = "ClusterRoleBinding",
        ["metadata"] = Metadata(name),
        ["roleRef"] = new JsonObject { ["apiGroup"] = GrantedRules.Group, ["kind"] = "ClusterRole", ["name"] = name },
        ["subjects"] = new JsonArray([.. groups.Select(g => new JsonObject { ["kind"] = "Group", ["apiGroup"] = GrantedRules.Group, ["name"] = g })]),
    };

    private static JsonObject Metadata(string name) => new()
    {
        ["name"] = name,
        ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
        ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
    };

    private static JsonObject Rule(string[] verbs, string[] groups, string[] resources) =>
        new() { ["verbs"] = List(verbs), ["apiGroups"] = List(groups), ["resources"] = List(resources) };

    private static JsonObject Paths(string[] verbs, params string[] urls) => new() { ["verbs"] = List(verbs), ["nonResourceURLs"] = List(urls) };

    private static JsonArray List(string[] values) => new([.. values.Select(v => (JsonNode)v)]);
}
