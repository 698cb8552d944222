using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.StatefulSets;

/// <summary>Keeps the numbered Pods of StatefulSets.</summary>
internal sealed class StatefulSetController : Controller
{
    private readonly StatefulSetRevisions _revisions;

    public StatefulSetController(ClusterView view)
        : base(view)
    {
        _revisions = new StatefulSetRevisions(view);
        LookAt("apps", "statefulsets");
        LookAtOwners("", "pods", "apps", "statefulsets", "StatefulSet");
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("apps", "statefulsets").Get(id.Namespace, id.Name) is not { } set || set.Object("metadata")?["deletionTimestamp"] is not null)
            return;

        var revisions = _revisions.For(set);
        var pods = View.Cache("", "pods").OwnedBy(set.Uid()).ToList();
        Scale(set, revisions, pods);
        pods = [.. View.Cache("", "pods").OwnedBy(set.Uid())];
        WriteStatus(set, revisions, pods);
        _revisions.Trim(set, revisions, pods);
    }

    private static long Ordinal(JsonObject pod) =>
        long.TryParse(pod.Name()[(pod.Name().LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;

    private static string? RevisionOf(JsonObject pod) => pod.Object("metadata").Object("labels").Text(StatefulSetPods.RevisionLabel);

    private void Scale(JsonObject set, RevisionPair revisions, List<JsonObject> pods)
    {
        var spec = set.Object("spec");
        var inOrder = spec.Text("podManagementPolicy") != "Parallel";
        var first = spec.Object("ordinals").Integer("start") ?? 0;
        var end = first + (spec.Integer("replicas") ?? 1);
        var byOrdinal = pods.GroupBy(Ordinal).ToDictionary(g => g.Key, g => g.First());

        for (var ordinal = first; ordinal < end; ordinal++)
        {
            var pod = byOrdinal.GetValueOrDefault(ordinal);
            if (pod is not null && Pods.IsOver(pod) && !Pods.IsTerminating(pod))
            {
                View.Delete("", "pods", pod);
                pod = View.Cache("", "pods").Get(set.Namespace(), pod.Name());
            }

            if (pod is null)
                Create(set, revisions.For(spec, ordinal - first), ordinal);
            if (inOrder && (pod is null || Pods.IsTerminating(pod) || !Pods.IsReady(pod)))
                return;
        }

        // Superfluous Pods go from the highest number down, one by one unless order does not matter.
        foreach (var pod in pods.Where(p => Ordinal(p) < first || Ordinal(p) >= end).OrderByDescending(Ordinal))
        {
            if (!Pods.IsTerminating(pod))
                View.Delete("", "pods", pod);
            if (inOrder)
                return;
        }

        Update(spec, revisions, byOrdinal, first, end);
    }

    private void Create(JsonObject set, JsonObject revision, long ordinal)
    {
        foreach (var claim in StatefulSetPods.Claims(set, ordinal))
        {
            if (View.Cache("", "persistentvolumeclaims").Get(set.Namespace(), claim.Name()) is null)
                View.Create("", "persistentvolumeclaims", set.Namespace(), claim);
        }

        View.Create("", "pods", set.Namespace(), StatefulSetPods.Pod(set, revision, ordinal));
    }

    // Pods of an old revision go from the highest number down to the partition; the next waits until the one before is ready.
    private void Update(JsonObject? spec, RevisionPair revisions, Dictionary<long, JsonObject> pods, long first, long end)
    {
        var strategy = spec.Object("updateStrategy");
        if (strategy.Text("type") == "OnDelete")
            return;

        var lowest = first + (strategy.Object("rollingUpdate").Integer("partition") ?? 0);
        for (var ordinal = end - 1; ordinal >= lowest; ordinal--)
        {
            if (!pods.TryGetValue(ordinal, out var pod))
                continue;
            if (RevisionOf(pod) != revisions.Update.Name() && !Pods.IsTerminating(pod))
            {
                View.Delete("", "pods", pod);
                return;
            }

            if (Pods.IsTerminating(pod) || !Pods.IsReady(pod))
                return;
        }
    }

    private void WriteStatus(JsonObject set, RevisionPair revisions, List<JsonObject> pods)
    {
        var spec = set.Object("spec");
        var minReady = spec.Integer("minReadySeconds") ?? 0;
        var now = View.Time.GetUtcNow();
        var current = revisions.Current.Name();
        var update = revisions.Update.Name();
        var updated = pods.Count(p => RevisionOf(p) == update && !Pods.IsTerminating(p));
        var ready = pods.Count(p => Pods.IsReady(p) && !Pods.IsTerminating(p));
        if (current != update && updated == pods.Count && ready == pods.Count && pods.Count == (spec.Integer("replicas") ?? 1))
            current = update;

        var status = new JsonObject
        {
            ["observedGeneration"] = set.Object("metadata").Integer("generation") ?? 0,
            ["replicas"] = pods.Count,
            ["availableReplicas"] = pods.Count(p => Pods.IsAvailable(p, minReady, now) && !Pods.IsTerminating(p)),
            ["currentRevision"] = current,
            ["updateRevision"] = update,
            ["collisionCount"] = set.Object("status").Integer("collisionCount") ?? 0,
        };
        SetUnlessZero(status, "readyReplicas", ready);
        SetUnlessZero(status, "currentReplicas", pods.Count(p => RevisionOf(p) == current && !Pods.IsTerminating(p)));
        SetUnlessZero(status, "updatedReplicas", updated);
        View.UpdateStatus("apps", "statefulsets", set, status);
        if (pods.Select(p => Pods.AvailableAt(p, minReady)).Where(t => t > now).Min() is { } next)
            Queue.AddAfter(View.Cache("apps", "statefulsets").IdOf(set), next - now);
    }

    private static void SetUnlessZero(JsonObject status, string name, int value)
    {
        if (value != 0)
            status[name] = value;
    }
}
