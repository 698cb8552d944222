using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Lifecycle;

/// <summary>Writes the rules of aggregated ClusterRoles: the sum of those their selectors choose.</summary>
internal sealed class AggregatedRolesController : Controller
{
    private const string Group = "rbac.authorization.k8s.io";

    public AggregatedRolesController(ClusterView view)
        : base(view) => View.Cache(Group, "clusterroles").Changed += (_, _, _) =>
        {
            foreach (var role in View.Cache(Group, "clusterroles").All().Where(r => r["aggregationRule"] is not null))
                Queue.Add(View.Cache(Group, "clusterroles").IdOf(role));
        };

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache(Group, "clusterroles").Get("", id.Name) is not { } role || role.Object("aggregationRule") is not { } aggregation)
            return;

        var rules = new List<JsonNode>();
        foreach (var part in View.Cache(Group, "clusterroles").All().Where(r => r.Name() != id.Name).OrderBy(r => r.Name(), StringComparer.Ordinal))
        {
            if (!aggregation.Objects("clusterRoleSelectors").Any(s => LabelMatcher.Matches(s, part.Object("metadata").Object("labels") ?? [])))
                continue;
            foreach (var rule in part.Objects("rules").Where(r => !rules.Any(known => JsonNode.DeepEquals(known, r))))
                rules.Add(rule.DeepClone());
        }

        var changed = (JsonObject)role.DeepClone();
        changed["rules"] = new JsonArray([.. rules]);
        if (!JsonNode.DeepEquals(changed["rules"], role["rules"] ?? new JsonArray()))
            View.Update(Group, "clusterroles", null, changed);
    }
}
