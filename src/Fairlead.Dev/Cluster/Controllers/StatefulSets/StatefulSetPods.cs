using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.StatefulSets;

/// <summary>Makes the Pods and claims of a StatefulSet.</summary>
internal static class StatefulSetPods
{
    public const string RevisionLabel = "controller-revision-hash";

    private const string NameLabel = "statefulset.kubernetes.io/pod-name";
    private const string IndexLabel = "apps.kubernetes.io/pod-index";

    public static JsonObject Pod(JsonObject set, JsonObject revision, long ordinal)
    {
        var template = (JsonObject)revision.Object("data").Object("spec").Object("template")!.DeepClone();
        template.Remove("$patch");
        var name = PodName(set, ordinal);
        var pod = Pods.From(template, set);
        var metadata = pod.Ensure("metadata");
        metadata["name"] = name;
        metadata["generateName"] = set.Name() + "-";
        var labels = metadata.Ensure("labels");
        labels[RevisionLabel] = revision.Name();
        labels[NameLabel] = name;
        labels[IndexLabel] = ordinal.ToString(CultureInfo.InvariantCulture);

        var spec = pod.Ensure("spec");
        spec["hostname"] = name;
        if (set.Object("spec").Text("serviceName") is { Length: > 0 } service)
            spec["subdomain"] = service;
        MountClaims(set, spec, name);
        return pod;
    }

    public static IEnumerable<JsonObject> Claims(JsonObject set, long ordinal)
    {
        foreach (var template in set.Object("spec").Objects("volumeClaimTemplates"))
        {
            var claim = (JsonObject)template.DeepClone();
            claim.Remove("status");
            var metadata = claim.Ensure("metadata");
            metadata["name"] = $"{template.Name()}-{PodName(set, ordinal)}";
            metadata["namespace"] = set.Namespace();
            var labels = metadata.Ensure("labels");
            foreach (var (key, value) in set.Object("spec").Object("selector").Object("matchLabels") ?? [])
                labels[key] = value?.DeepClone();
            yield return claim;
        }
    }

    private static string PodName(JsonObject set, long ordinal) => $"{set.Name()}-{ordinal.ToString(CultureInfo.InvariantCulture)}";

    private static void MountClaims(JsonObject set, JsonObject spec, string podName)
    {
        var templates = set.Object("spec").Objects("volumeClaimTemplates").Select(t => t.Name()).ToList();
        if (templates.Count == 0)
            return;

        // A claim takes the place of a volume of the same name.
        var others = spec.Objects("volumes").Where(v => !templates.Contains(v.Text("name") ?? "")).Select(v => v.DeepClone());
        spec["volumes"] = new JsonArray(
        [
            .. templates.Select(t => new JsonObject
            {
                ["name"] = t, ["persistentVolumeClaim"] = new JsonObject { ["claimName"] = $"{t}-{podName}" },
            }),
            .. others,
        ]);
    }
}
