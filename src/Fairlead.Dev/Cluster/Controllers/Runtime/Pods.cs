using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Cluster.Controllers.Runtime;

/// <summary>What controllers ask of Pods, and how they make them.</summary>
internal static class Pods
{
    public static bool IsTerminating(JsonObject pod) => pod.Object("metadata")?["deletionTimestamp"] is not null;

    public static bool IsOver(JsonObject pod) => pod.Object("status").Text("phase") is "Succeeded" or "Failed";

    public static bool IsActive(JsonObject pod) => !IsOver(pod) && !IsTerminating(pod);

    public static bool IsReady(JsonObject pod) => Condition(pod, "Ready") is { } ready && ready.Text("status") == "True";

    /// <summary>When a ready Pod counts as available; null when it is not ready.</summary>
    public static DateTimeOffset? AvailableAt(JsonObject pod, long minReadySeconds)
    {
        if (!IsReady(pod))
            return null;
        var since = Condition(pod, "Ready").Text("lastTransitionTime");
        return DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var start)
            ? start.AddSeconds(minReadySeconds)
            : DateTimeOffset.MinValue;
    }

    public static bool IsAvailable(JsonObject pod, long minReadySeconds, DateTimeOffset now) => AvailableAt(pod, minReadySeconds) <= now;

    /// <summary>A Pod after a template, owned by <paramref name="owner"/>.</summary>
    public static JsonObject From(JsonObject? template, JsonObject owner)
    {
        var metadata = new JsonObject { ["namespace"] = owner.Namespace(), ["ownerReferences"] = OwnerReferences.To(owner) };
        foreach (var member in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            if (template.Object("metadata")?[member] is { } value)
                metadata[member] = value.DeepClone();
        }

        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template.Object("spec")?.DeepClone() ?? new JsonObject(),
        };
    }

    private static JsonObject? Condition(JsonObject pod, string type) =>
        pod.Object("status").Objects("conditions").FirstOrDefault(c => c.Text("type") == type);
}
