using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Deployments;

/// <summary>Keeps the number of Pods that ReplicaSets want.</summary>
internal sealed class ReplicaSetController : Controller
{
    public ReplicaSetController(ClusterView view)
        : base(view)
    {
        LookAt("apps", "replicasets");
        LookAtOwners("", "pods", "apps", "replicasets", "ReplicaSet");
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("apps", "replicasets").Get(id.Namespace, id.Name) is not { } set)
            return;

        var wanted = (int)(set.Object("spec").Integer("replicas") ?? 1);
        if (set.Object("metadata")?["deletionTimestamp"] is null)
            Scale(set, wanted);
        WriteStatus(id, set);
    }

    private void Scale(JsonObject set, int wanted)
    {
        var active = View.Cache("", "pods").OwnedBy(set.Uid()).Where(Pods.IsActive).ToList();
        for (var i = active.Count; i < wanted; i++)
        {
            var pod = Pods.From(set.Object("spec").Object("template"), set);
            pod.Ensure("metadata")["generateName"] = set.Name() + "-";
            View.Create("", "pods", set.Namespace(), pod);
        }

        // Pods that serve nobody yet go first, then the youngest.
        foreach (var pod in active.OrderBy(Pods.IsReady).ThenByDescending(p => p.Object("metadata").Text("creationTimestamp"), StringComparer.Ordinal)
            .Take(Math.Max(0, active.Count - wanted)))
        {
            View.Delete("", "pods", pod);
        }
    }

    private void WriteStatus(ObjectId id, JsonObject set)
    {
        var pods = View.Cache("", "pods").OwnedBy(set.Uid());
        var active = pods.Where(Pods.IsActive).ToList();
        var minReady = set.Object("spec").Integer("minReadySeconds") ?? 0;
        var now = View.Time.GetUtcNow();
        var labels = set.Object("spec").Object("template").Object("metadata").Object("labels");
        var status = new JsonObject
        {
            ["replicas"] = active.Count,
            ["fullyLabeledReplicas"] = active.Count(p => LabelMatcher.Contains(p.Object("metadata").Object("labels"), labels)),
            ["readyReplicas"] = active.Count(Pods.IsReady),
            ["availableReplicas"] = active.Count(p => Pods.IsAvailable(p, minReady, now)),
            ["terminatingReplicas"] = pods.Count(p => Pods.IsTerminating(p) && !Pods.IsOver(p)),
            ["observedGeneration"] = set.Object("metadata").Integer("generation") ?? 0,
        };
        foreach (var name in (ReadOnlySpan<string>)["fullyLabeledReplicas", "readyReplicas", "availableReplicas"])
        {
            if (status.Integer(name) == 0)
                status.Remove(name);
        }

        if (set.Object("status")?["conditions"] is { } conditions)
            status["conditions"] = conditions.DeepClone();
        View.UpdateStatus("apps", "replicasets", set, status);
        if (active.Select(p => Pods.AvailableAt(p, minReady)).Where(t => t > now).Min() is { } next)
            Queue.AddAfter(id, next - now);
    }
}
