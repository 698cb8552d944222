using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Deployments;

/// <summary>Finds, makes, scales and discards the ReplicaSets of a Deployment.</summary>
internal sealed class DeploymentReplicaSets(ClusterView view)
{
    private const string HashLabel = "pod-template-hash";
    private const string Revision = "deployment.kubernetes.io/revision";
    private const string Desired = "deployment.kubernetes.io/desired-replicas";
    private const string Most = "deployment.kubernetes.io/max-replicas";

    /// <summary>The ReplicaSet with the Deployment's template, or null.</summary>
    public JsonObject? Find(JsonObject deployment) => view.Cache("apps", "replicasets").OwnedBy(deployment.Uid())
        .FirstOrDefault(s => JsonNode.DeepEquals(WithoutHash(s.Object("spec").Object("template")), WithoutHash(deployment.Object("spec").Object("template"))));

    /// <summary>The ReplicaSet with the Deployment's template; made when there is none. Both carry the newest revision number.</summary>
    public JsonObject Current(JsonObject deployment)
    {
        var sets = view.Cache("apps", "replicasets").OwnedBy(deployment.Uid());
        var found = Find(deployment);
        var newest = sets.Where(s => s.Uid() != found?.Uid()).Select(Number).DefaultIfEmpty(0).Max();
        var current = found ?? Create(deployment, newest + 1);
        if (Number(current) <= newest)
            current = Annotate("replicasets", current, newest + 1);
        if (deployment.Object("metadata").Object("annotations").Text(Revision) != current.Object("metadata").Object("annotations").Text(Revision))
            Annotate("deployments", deployment, Number(current));
        return current;
    }

    public void Scale(JsonObject deployment, JsonObject set, long replicas)
    {
        var wanted = deployment.Object("spec").Integer("replicas") ?? 1;
        var changed = (JsonObject)set.DeepClone();
        changed.Ensure("spec")["replicas"] = replicas;
        changed.Ensure("metadata").Ensure("annotations")[Desired] = Text(wanted);
        changed.Ensure("metadata").Ensure("annotations")[Most] = Text(Highest(deployment, wanted));
        if (!JsonNode.DeepEquals(changed, set))
            view.Update("apps", "replicasets", set.Namespace(), changed);
    }

    /// <summary>Deletes the oldest empty ReplicaSets beyond the limit.</summary>
    public void Trim(JsonObject deployment, JsonObject current)
    {
        var limit = (int)(deployment.Object("spec").Integer("revisionHistoryLimit") ?? 10);
        var past = view.Cache("apps", "replicasets").OwnedBy(deployment.Uid())
            .Where(s => s.Uid() != current.Uid() && s.Object("spec").Integer("replicas") is 0 or null && s.Object("status").Integer("replicas") is 0 or null)
            .OrderBy(Number).ToList();
        foreach (var set in past.Take(Math.Max(0, past.Count - limit)))
            view.Delete("apps", "replicasets", set);
    }

    private static long Number(JsonObject set) =>
        long.TryParse(set.Object("metadata").Object("annotations").Text(Revision), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static long Highest(JsonObject deployment, long wanted)
    {
        var strategy = deployment.Object("spec").Object("strategy");
        var surge = strategy.Object("rollingUpdate")?["maxSurge"];
        if (strategy.Text("type") == "Recreate" || surge is null)
            return wanted;
        return wanted + (surge.Integer() ?? ((long.Parse(surge.Text()!.TrimEnd('%'), CultureInfo.InvariantCulture) * wanted) + 99) / 100);
    }

    private static JsonObject? WithoutHash(JsonObject? template)
    {
        var plain = (JsonObject?)template?.DeepClone();
        plain.Object("metadata").Object("labels")?.Remove(HashLabel);
        return plain;
    }

    private JsonObject Create(JsonObject deployment, long number)
    {
        var template = (JsonObject)deployment.Object("spec").Object("template")!.DeepClone();
        for (var collisions = 0; ; collisions++)
        {
            var hash = TemplateHash.Of(deployment.Object("spec").Object("template"), collisions);
            template.Ensure("metadata").Ensure("labels")[HashLabel] = hash;
            var selector = (JsonObject)deployment.Object("spec").Object("selector")!.DeepClone();
            selector.Ensure("matchLabels")[HashLabel] = hash;
            var annotations = (JsonObject)(deployment.Object("metadata").Object("annotations") ?? []).DeepClone();
            annotations.Remove("kubectl.kubernetes.io/last-applied-configuration");
            annotations[Revision] = Text(number);
            var spec = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = template.DeepClone() };
            if (deployment.Object("spec")?["minReadySeconds"] is { } minReady)
                spec["minReadySeconds"] = minReady.DeepClone();
            var set = new JsonObject
            {
                ["apiVersion"] = "apps/v1",
                ["kind"] = "ReplicaSet",
                ["metadata"] = new JsonObject
                {
                    ["name"] = $"{deployment.Name()}-{hash}",
                    ["namespace"] = deployment.Namespace(),
                    ["labels"] = template.Object("metadata")!["labels"]!.DeepClone(),
                    ["annotations"] = annotations,
                    ["ownerReferences"] = OwnerReferences.To(deployment),
                },
                ["spec"] = spec,
            };
            if (view.Create("apps", "replicasets", deployment.Namespace(), set) is { } created)
                return created;
        }
    }

    private JsonObject Annotate(string plural, JsonObject obj, long number)
    {
        var changed = (JsonObject)obj.DeepClone();
        changed.Ensure("metadata").Ensure("annotations")[Revision] = Text(number);
        return view.Update("apps", plural, obj.Namespace(), changed);
    }
}
