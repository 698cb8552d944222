using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Deployments;

/// <summary>Moves the Pods of Deployments from one ReplicaSet to the next.</summary>
internal sealed class DeploymentController : Controller
{
    private readonly DeploymentReplicaSets _sets;

    public DeploymentController(ClusterView view)
        : base(view)
    {
        _sets = new DeploymentReplicaSets(view);
        LookAt("apps", "deployments");
        LookAtOwners("apps", "replicasets", "apps", "deployments", "Deployment");
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("apps", "deployments").Get(id.Namespace, id.Name) is not { } deployment || deployment.Object("metadata")?["deletionTimestamp"] is not null)
            return;

        if (deployment.Object("spec").Flag("paused") != true)
        {
            var current = _sets.Current(deployment);
            deployment = View.Cache("apps", "deployments").Get(id.Namespace, id.Name) ?? deployment;
            var old = Owned(deployment).Where(s => s.Uid() != current.Uid()).ToList();
            if (deployment.Object("spec").Object("strategy").Text("type") == "Recreate")
                Recreate(deployment, current, old);
            else
                Roll(deployment, current, old);
            _sets.Trim(deployment, current);
        }

        View.UpdateStatus("apps", "deployments", deployment, DeploymentStatus.Of(deployment, Owned(deployment), _sets.Find(deployment), View.Now));
    }

    private IReadOnlyList<JsonObject> Owned(JsonObject deployment) => View.Cache("apps", "replicasets").OwnedBy(deployment.Uid());

    private static long Replicas(JsonObject set) => set.Object("spec").Integer("replicas") ?? 0;

    private static long Status(JsonObject set, string name) => set.Object("status").Integer(name) ?? 0;

    private void Recreate(JsonObject deployment, JsonObject current, List<JsonObject> old)
    {
        foreach (var set in old.Where(s => Replicas(s) > 0))
            _sets.Scale(deployment, set, 0);
        var anyLeft = old.Any(s => View.Cache("", "pods").OwnedBy(s.Uid()).Any(p => !Pods.IsOver(p)));
        if (!anyLeft)
            _sets.Scale(deployment, current, deployment.Object("spec").Integer("replicas") ?? 1);
    }

    private void Roll(JsonObject deployment, JsonObject current, List<JsonObject> old)
    {
        var wanted = deployment.Object("spec").Integer("replicas") ?? 1;
        var rolling = deployment.Object("spec").Object("strategy").Object("rollingUpdate");
        var surge = Resolve(rolling?["maxSurge"], wanted, roundUp: true);
        var unavailable = Resolve(rolling?["maxUnavailable"], wanted, roundUp: false);
        if (surge == 0 && unavailable == 0)
            unavailable = 1;

        var total = old.Sum(Replicas) + Replicas(current);
        var room = Math.Max(0, wanted + surge - total);
        var next = Replicas(current) > wanted ? wanted : Math.Min(wanted, Replicas(current) + room);
        _sets.Scale(deployment, current, next);

        // Old Pods that do not serve go first, but new ones that do not serve yet count as missing; old ones that serve go as long
        // as enough stay available.
        var served = Status(current, "availableReplicas");
        var spare = old.Sum(s => Status(s, "availableReplicas")) + served - (wanted - unavailable);
        var removable = Math.Max(0, old.Sum(Replicas) + next - (wanted - unavailable) - Math.Max(0, next - served));
        foreach (var set in old.Where(s => Replicas(s) > 0).OrderBy(s => s.Object("metadata").Text("creationTimestamp"), StringComparer.Ordinal))
        {
            var idle = Math.Clamp(Replicas(set) - Status(set, "availableReplicas"), 0, removable);
            removable -= idle;
            var serving = Math.Min(Math.Max(0, spare), Replicas(set) - idle);
            spare -= serving;
            _sets.Scale(deployment, set, Replicas(set) - idle - serving);
        }
    }

    private static long Resolve(JsonNode? value, long whole, bool roundUp)
    {
        if (value.Integer() is { } number)
            return number;
        if (value.Text() is not { } text || !long.TryParse(text.TrimEnd('%'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent))
            return 0;
        return ((percent * whole) + (roundUp ? 99 : 0)) / 100;
    }
}
