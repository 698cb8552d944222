using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>Evictions: deletions that the PodDisruptionBudgets of the namespace allow.</summary>
internal sealed class PodEviction(IClusterApi api)
{
    /// <summary>Seconds after which a client that a budget held up may ask again.</summary>
    private const int RetrySeconds = 10;

    public ActionSubresource Action => new("eviction", "policy/v1", "Eviction", Evict);

    private JsonObject Evict(ActionRequest request)
    {
        var (ns, name) = (request.Namespace!, request.Name!);
        var pod = api.Get("", "pods", ns, name)
            ?? throw new ApiStatusException(404, "NotFound", $"pods \"{name}\" not found") { Kind = "pods", Name = name };

        // Pods that serve nobody any more, or not yet, are not what budgets protect.
        if (Pods.IsActive(pod) && pod.Object("status").Text("phase") == "Running")
            CheckBudgets(pod);
        var options = request.Body.Object("deleteOptions");
        if (!request.DryRun)
        {
            api.Delete(
                "", "pods", ns, name, options.Text("propagationPolicy") ?? "Background",
                options.Object("preconditions").Text("uid") ?? pod.Uid(), options.Integer("gracePeriodSeconds"));
        }

        return new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };
    }

    private static long Share(JsonNode amount, int of, bool up)
    {
        if (amount.Text() is not { } text)
            return amount.Integer() ?? 0;
        var part = of * double.Parse(text.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture) / 100;
        return (long)(up ? Math.Ceiling(part) : Math.Floor(part));
    }

    private void CheckBudgets(JsonObject pod)
    {
        var labels = pod.Object("metadata").Object("labels");
        foreach (var budget in api.List("policy", "poddisruptionbudgets", pod.Namespace()))
        {
            var selector = budget.Object("spec").Object("selector");
            if (!LabelMatcher.Matches(selector, labels))
                continue;

            var covered = api.List("", "pods", pod.Namespace())
                .Where(p => !Pods.IsOver(p) && LabelMatcher.Matches(selector, p.Object("metadata").Object("labels"))).ToList();
            var healthy = covered.Count(p => Pods.IsReady(p) && !Pods.IsTerminating(p));
            var needed = Needed(budget.Object("spec"), covered.Count);
            if (healthy - (Pods.IsReady(pod) ? 1 : 0) >= needed || !Pods.IsReady(pod))
                continue;
            throw new ApiStatusException(
                429, "TooManyRequests",
                $"Cannot evict pod as it would violate the pod's disruption budget: the disruption budget {budget.Name()} needs {needed} healthy pods and has {healthy} currently")
            {
                RetryAfterSeconds = RetrySeconds,
            };
        }
    }

    // Both shares are rounded up, as by the disruption controller.
    private static long Needed(JsonObject? spec, int covered) =>
        spec?["minAvailable"] is { } least ? Share(least, covered, up: true)
        : spec?["maxUnavailable"] is { } most ? covered - Share(most, covered, up: true)
        : covered;
}
