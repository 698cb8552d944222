using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Defaults of Pods and Pod templates that depend on other fields.</summary>
internal static class PodDefaults
{
    // Seconds a Pod stays on a node that is not ready or out of reach.
    private const int TolerationSeconds = 300;

    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string TokenVolume = "kube-api-access-";
    private const int TokenSuffixLength = 5;

    // An hour and a few seconds, by which such tokens are told from those that ask for an hour.
    private const int TokenSeconds = 3607;

    private static readonly string[] ContainerLists = ["initContainers", "containers", "ephemeralContainers"];

    public static void ApplyToTemplate(JsonObject? template)
    {
        if (template.Object("spec") is not { } spec)
            return;

        foreach (var container in ContainerLists.SelectMany(l => spec.Objects(l)))
        {
            if (container["imagePullPolicy"] is null)
                container["imagePullPolicy"] = PullPolicy(container.Text("image") ?? "");
        }

        foreach (var volume in spec.Objects("volumes"))
        {
            if (volume.Count <= 1 && volume["name"] is not null)
                volume["emptyDir"] = new JsonObject();
            if (volume.Object("image") is { } image && image["pullPolicy"] is null)
                image["pullPolicy"] = PullPolicy(image.Text("reference") ?? "");
        }

        // Both names are written for readers of either; the new one wins.
        if ((spec.Text("serviceAccountName") ?? spec.Text("serviceAccount")) is { } account)
        {
            spec["serviceAccountName"] = account;
            spec["serviceAccount"] = account;
        }
    }

    /// <summary>Defaults for a Pod, with what the usual admission plug-ins add.</summary>
    public static void ApplyToPod(JsonObject pod, JsonObject? old, BuiltInOptions options)
    {
        var spec = pod.Ensure("spec");
        ApplyToTemplate(pod);
        foreach (var container in ContainerLists.Take(2).SelectMany(l => spec.Objects(l)))
        {
            DefaultRequests(container);
            if (spec.Flag("hostNetwork") == true)
            {
                foreach (var port in container.Objects("ports").Where(p => p["hostPort"] is null))
                    port["hostPort"] = port["containerPort"]?.DeepClone();
            }
        }

        if (spec["enableServiceLinks"] is null)
            spec["enableServiceLinks"] = true;
        if (old is not null)
            return;

        if (spec["serviceAccountName"] is null)
        {
            spec["serviceAccountName"] = "default";
            spec["serviceAccount"] = "default";
        }

        if (spec.Flag("automountServiceAccountToken") != false)
            MountToken(spec, pod.Uid());
        if (spec["priority"] is null)
            spec["priority"] = spec.Text("priorityClassName") is { } name ? options.PriorityOf(name) ?? 0 : 0;
        if (spec["preemptionPolicy"] is null)
            spec["preemptionPolicy"] = "PreemptLowerPriority";
        Tolerate(spec, "node.kubernetes.io/not-ready");
        Tolerate(spec, "node.kubernetes.io/unreachable");
        pod["status"] = new JsonObject { ["phase"] = "Pending", ["qosClass"] = QosClass(spec) };
    }

    // What a process in the Pod needs to talk to the API server; containers that mount something else there keep it.
    private static void MountToken(JsonObject spec, string uid)
    {
        var containers = ContainerLists.Take(2).SelectMany(l => spec.Objects(l))
            .Where(c => c.Objects("volumeMounts").All(m => m.Text("mountPath") != TokenPath)).ToList();
        if (containers.Count == 0)
            return;

        var name = TokenVolume + new string([.. uid.Where(char.IsAsciiLetterOrDigit).TakeLast(TokenSuffixLength)]);
        foreach (var container in containers)
            Append(container, "volumeMounts", new JsonObject { ["name"] = name, ["readOnly"] = true, ["mountPath"] = TokenPath });
        Append(spec, "volumes", new JsonObject
        {
            ["name"] = name,
            ["projected"] = new JsonObject
            {
                ["defaultMode"] = 420,
                ["sources"] = new JsonArray(
                    new JsonObject { ["serviceAccountToken"] = new JsonObject { ["expirationSeconds"] = TokenSeconds, ["path"] = "token" } },
                    new JsonObject
                    {
                        ["configMap"] = new JsonObject
                        {
                            ["name"] = "kube-root-ca.crt",
                            ["items"] = new JsonArray((JsonNode)new JsonObject { ["key"] = "ca.crt", ["path"] = "ca.crt" }),
                        },
                    },
                    new JsonObject
                    {
                        ["downwardAPI"] = new JsonObject
                        {
                            ["items"] = new JsonArray((JsonNode)new JsonObject
                            {
                                ["path"] = "namespace",
                                ["fieldRef"] = new JsonObject { ["apiVersion"] = "v1", ["fieldPath"] = "metadata.namespace" },
                            }),
                        },
                    }),
            },
        });
    }

    private static void Append(JsonObject obj, string list, JsonObject item)
    {
        if (obj[list] is not JsonArray items)
            obj[list] = items = [];
        items.Add((JsonNode)item);
    }

    private static string PullPolicy(string image)
    {
        if (image.Contains('@', StringComparison.Ordinal) && !HasLatestTag(image[..image.IndexOf('@', StringComparison.Ordinal)], untagged: false))
            return "IfNotPresent";
        return HasLatestTag(image, untagged: true) ? "Always" : "IfNotPresent";
    }

    private static bool HasLatestTag(string image, bool untagged)
    {
        // A colon before the last slash belongs to the registry's port.
        var tag = image.LastIndexOf(':') is var colon && colon > image.LastIndexOf('/') ? image[(colon + 1)..] : null;
        return tag is null ? untagged : tag == "latest";
    }

    private static void DefaultRequests(JsonObject container)
    {
        if (container.Object("resources") is not { } resources || resources.Object("limits") is not { } limits)
            return;

        var requests = resources.Ensure("requests");
        foreach (var (name, limit) in limits)
        {
            if (!requests.ContainsKey(name))
                requests[name] = limit?.DeepClone();
        }
    }

    private static void Tolerate(JsonObject spec, string taint)
    {
        if (spec.Objects("tolerations").Any(t => (t.Text("key") ?? taint) == taint && (t.Text("effect") ?? "NoExecute") == "NoExecute"))
            return;
        Append(spec, "tolerations", new JsonObject
        {
            ["key"] = taint,
            ["operator"] = "Exists",
            ["effect"] = "NoExecute",
            ["tolerationSeconds"] = TolerationSeconds,
        });
    }

    private static string QosClass(JsonObject spec)
    {
        var (isBestEffort, isGuaranteed) = (true, true);
        foreach (var container in ContainerLists.Take(2).SelectMany(l => spec.Objects(l)))
        {
            var (requests, limits) = (container.Object("resources").Object("requests"), container.Object("resources").Object("limits"));
            foreach (var name in (ReadOnlySpan<string>)["cpu", "memory"])
            {
                isBestEffort &= Amount(requests, name) is null && Amount(limits, name) is null;
                isGuaranteed &= Amount(limits, name) is { } limit && Amount(requests, name) == limit;
            }
        }

        return isBestEffort ? "BestEffort" : isGuaranteed ? "Guaranteed" : "Burstable";
    }

    private static string? Amount(JsonObject? amounts, string name) => amounts.Text(name) is { } text and not "0" ? text : null;
}
