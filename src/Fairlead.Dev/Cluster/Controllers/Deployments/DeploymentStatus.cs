using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Controllers.Deployments;

/// <summary>Sums the state of a Deployment's ReplicaSets up.</summary>
internal static class DeploymentStatus
{
    public static JsonObject Of(JsonObject deployment, IReadOnlyList<JsonObject> sets, JsonObject? current, string now)
    {
        var wanted = deployment.Object("spec").Integer("replicas") ?? 1;
        var (replicas, available) = (Sum(sets, "replicas"), Sum(sets, "availableReplicas"));
        var updated = current.Object("status").Integer("replicas") ?? 0;
        var status = new JsonObject
        {
            ["observedGeneration"] = deployment.Object("metadata").Integer("generation") ?? 0,
            ["replicas"] = replicas,
            ["updatedReplicas"] = updated,
            ["readyReplicas"] = Sum(sets, "readyReplicas"),
            ["availableReplicas"] = available,
            ["unavailableReplicas"] = Math.Max(0, Math.Max(wanted, replicas) - available),
            ["terminatingReplicas"] = Sum(sets, "terminatingReplicas"),
        };
        foreach (var (name, value) in status.Where(m => m.Key != "terminatingReplicas" && m.Value.Integer() == 0).ToArray())
            status.Remove(name);

        var isEnough = available >= wanted - MaxUnavailable(deployment, wanted);
        var isComplete = updated == wanted && replicas == wanted && available == wanted;
        status["conditions"] = new JsonArray(
            Condition(
                deployment, "Available", isEnough, isEnough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                isEnough ? "Deployment has minimum availability." : "Deployment does not have minimum availability.", now),
            Condition(
                deployment, "Progressing", true, isComplete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                $"ReplicaSet \"{current?.Name()}\" {(isComplete ? "has successfully progressed." : "is progressing.")}", now));
        return status;
    }

    private static long Sum(IReadOnlyList<JsonObject> sets, string name) => sets.Sum(s => s.Object("status").Integer(name) ?? 0);

    private static long MaxUnavailable(JsonObject deployment, long wanted)
    {
        var value = deployment.Object("spec").Object("strategy").Object("rollingUpdate")?["maxUnavailable"];
        if (value.Integer() is { } number)
            return number;
        return long.TryParse(value.Text()?.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture, out var percent) ? percent * wanted / 100 : 0;
    }

    private static JsonObject Condition(JsonObject deployment, string type, bool isTrue, string reason, string message, string now)
    {
        var state = isTrue ? "True" : "False";
        var before = deployment.Object("status").Objects("conditions").FirstOrDefault(c => c.Text("type") == type);
        var isSame = before.Text("status") == state && before.Text("reason") == reason && before.Text("message") == message;
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = state,
            ["reason"] = reason,
            ["message"] = message,
            ["lastUpdateTime"] = isSame ? before.Text("lastUpdateTime") : now,
            ["lastTransitionTime"] = before.Text("status") == state ? before.Text("lastTransitionTime") : now,
        };
    }
}
