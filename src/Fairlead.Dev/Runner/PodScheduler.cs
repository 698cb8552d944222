using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Runner;

/// <summary>Binds Pods to the one node, unless something holds them back.</summary>
internal sealed class PodScheduler(ClusterView view, string node)
{
    public void Bind(JsonObject pod)
    {
        if (Pods.IsTerminating(pod) || Pods.IsOver(pod) || pod.Object("spec").Objects("schedulingGates").Any())
            return;
        try
        {
            if (Obstacle(pod) is { } obstacle)
            {
                Report(pod, obstacle);
                return;
            }

            var bound = (JsonObject)pod.DeepClone();
            bound.Ensure("spec")["nodeName"] = node;
            view.Update("", "pods", pod.Namespace(), bound);
        }
        catch (ApiStatusException e) when (e.Reason is "Conflict" or "NotFound")
        {
            // A newer state of the Pod is on its way, or none.
        }
        catch (ApiStatusException e)
        {
            RunnerLog.NotBound(view.Logger, pod.Namespace(), pod.Name(), e);
        }
    }

    private string? Obstacle(JsonObject pod)
    {
        var labels = NodeRegistration.Labels(node);
        var missing = pod.Object("spec").TextMap("nodeSelector").Where(e => labels.Text(e.Key) != e.Value).Select(e => $"{e.Key}={e.Value}").ToList();
        return missing.Count == 0
            ? null
            : $"0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. The only node, {node}, lacks {string.Join(", ", missing)}.";
    }

    private void Report(JsonObject pod, string obstacle)
    {
        var status = (JsonObject)(pod.Object("status")?.DeepClone() ?? new JsonObject());
        if (status.Objects("conditions").Any(c => c.Text("type") == "PodScheduled" && c.Text("message") == obstacle))
            return;
        var others = status.Objects("conditions").Where(c => c.Text("type") != "PodScheduled").Select(c => c.DeepClone());
        status["conditions"] = new JsonArray(
        [
            .. others,
            new JsonObject
            {
                ["type"] = "PodScheduled", ["status"] = "False", ["reason"] = "Unschedulable", ["message"] = obstacle, ["lastTransitionTime"] = view.Now,
            },
        ]);
        view.UpdateStatus("", "pods", pod, status);
    }
}
