using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Keys;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Proxies;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.DevSessions;

/// <summary>Tells what a change of the cluster means for somebody who watches the operator work.</summary>
/// <param name="keys">The tailnet's auth keys, to name the one in a Secret without showing it.</param>
internal sealed class Narrator(OperatorSettings settings, Func<IReadOnlyList<TailnetAuthKey>> keys)
{
    public IEnumerable<DevEvent> Tell(ObjectChange change)
    {
        var parent = ProxyLabels.ParentOf(Labels(change.Latest));
        return change.Plural switch
        {
            "services" when parent is null => OfUserService(change),
            "services" => OfChild(change, "headless", $"gives the proxy of {Name(parent)} a DNS name in the cluster"),
            "secrets" when parent is not null => OfSecret(change, parent),
            "statefulsets" when parent is not null => OfChild(change, TargetOf(change.Latest), $"keeps the proxy Pod of {Name(parent)} running"),
            "pods" => OfPod(change, parent is null ? "" : $"carries the device of {Name(parent)}"),
            "namespaces" => OfChild(change, "", change.Latest["metadata"]?["name"]?.ToString() == settings.Namespace ? "holds the operator's objects" : ""),
            "serviceaccounts" when (string?)change.Latest["metadata"]?["name"] == "proxies" =>
                OfChild(change, "", "the identity of proxy Pods: lets each write its state"),
            "customresourcedefinitions" => OfChild(change, "", "one of the types the operator adds to Kubernetes"),
            "proxyclasses" => [.. OfChild(change, "", "shapes the Pods of the proxies that name it"), .. Conditions(change)],
            _ => [],
        };
    }

    /// <summary>An auth key that was issued since the last look.</summary>
    public static DevEvent Issued(TailnetAuthKey key) => new(
        DevEvent.Issued, "auth key", new ObjectKey("", key.Id),
        $"{(key.Reusable ? "reusable" : "single use")}, {string.Join(", ", key.Tags)}",
        "lets one proxy join the tailnet; the key itself goes into the proxy's Secret only");

    private IEnumerable<DevEvent> OfUserService(ObjectChange change)
    {
        var key = KeyOf(change.Latest);
        var before = change.Before is null ? null : Wish(change.Before);
        var after = change.After is null ? null : Wish(change.After);
        if (change.After is null)
        {
            yield return new DevEvent(DevEvent.Deleted, "Service", key, "", before is null ? "" : "its proxy is gone as well") { IsHeadline = true };
            yield break;
        }

        if (change.Before is null)
        {
            yield return new DevEvent(DevEvent.Created, "Service", key, Address(change.After), after ?? $"asks for no proxy; annotate it with {ServiceAnnotations.Expose}=true") { IsHeadline = true };
        }
        else if (before != after)
        {
            yield return new DevEvent(DevEvent.Changed, "Service", key, Address(change.After), after ?? "asks for no proxy any more") { IsHeadline = true };
        }

        if (change.Before is not null && IsDeleting(change.After) && !IsDeleting(change.Before))
        {
            yield return new DevEvent(DevEvent.Changed, "Service", key, "is being deleted", "waits until its proxy and its device are removed");
        }

        var finalized = HasFinalizer(change.After);
        if (finalized && (change.Before is null || !HasFinalizer(change.Before)))
        {
            yield return new DevEvent(DevEvent.Changed, "Service", key, $"finalizer {ServiceProxyPlan.Finalizer}", "keeps the Service until proxy and device are cleaned up");
        }

        foreach (var condition in Conditions(change))
        {
            yield return condition;
        }
    }

    /// <summary>What a Service asks of the operator; null when nothing.</summary>
    private string? Wish(JsonObject service)
    {
        var typed = ObjectCodec.Decode(KubernetesResources.Services, Encoding.UTF8.GetBytes(service.ToJsonString()));
        if (ServiceProxyMode.BelongsToProxyGroup(typed))
        {
            return "is left to a ProxyGroup";
        }

        return ServiceProxyMode.TargetOf(typed, settings) is { } target
            ? target.IsEgress
                ? $"asks for a way to {target.Value} on the tailnet"
                : $"asks to be on the tailnet as {ServiceValidation.HostnameOf(typed)}"
            : null;
    }

    private IEnumerable<DevEvent> OfSecret(ObjectChange change, ProxyParent parent)
    {
        if (change.After is not { } secret)
        {
            return OfChild(change, "", "");
        }

        if (DeviceState.NameIn(secret) is { } device && DeviceState.NameIn(change.Before) != device)
        {
            var addresses = string.Join(", ", DeviceState.AddressesIn(secret));
            return [new DevEvent(DevEvent.Joined, "device", new ObjectKey("", device), addresses, $"leads traffic for {Name(parent)}") { IsHeadline = true }];
        }

        var config = ConfigOf(secret);
        if (change.Before is { } before)
        {
            var name = config?["Hostname"]?.ToString();
            return name == ConfigOf(before)?["Hostname"]?.ToString()
                ? []
                : [new DevEvent(DevEvent.Changed, "Secret", KeyOf(secret), $"device {name}", "a running proxy takes its new name without a restart")];
        }

        var key = config?["AuthKey"]?.ToString() is { } used ? keys().FirstOrDefault(issued => issued.Secret == used) : null;
        var detail = $"device {config?["Hostname"]}{(key is null ? "" : $", auth key {key.Id}")}";
        return OfChild(change, detail, $"configures the proxy of {Name(parent)}, which keeps its state here");
    }

    private static IEnumerable<DevEvent> OfPod(ObjectChange change, string purpose)
    {
        var (before, after) = (change.Before, change.After);
        if (before is null || after is null)
        {
            return OfChild(change, ImageOf(change.Latest), after is null ? "" : $"{purpose}{(purpose.Length > 0 ? "; " : "")}runs as a process of this machine");
        }

        var key = KeyOf(after);
        var (restarts, restartsBefore) = (RestartsOf(after), RestartsOf(before));
        return restarts > restartsBefore
            ? [new DevEvent(DevEvent.Restarted, "Pod", key, $"{restarts} times by now", $"its process had ended; kubectl -n {key.Namespace} logs {key.Name} --previous tells why") { IsHeadline = true }]
            : IsReady(after) && !IsReady(before)
                ? [new DevEvent(DevEvent.Ready, "Pod", key, $"{after["status"]?["podIP"]}", purpose) { IsHeadline = purpose.Length == 0 }]
                : [];
    }

    private static bool IsReady(JsonObject pod) => ConditionsOf(pod).TryGetValue("Ready", out var ready) && ready.Status == "True";

    private static int RestartsOf(JsonObject pod) =>
        (pod["status"]?["containerStatuses"] as JsonArray ?? []).Sum(container => (int?)container?["restartCount"] ?? 0);

    private static IEnumerable<DevEvent> OfChild(ObjectChange change, string detail, string why)
    {
        var kind = (string?)change.Latest["kind"] ?? change.Plural;
        if (change.Before is null)
        {
            yield return new DevEvent(DevEvent.Created, kind, KeyOf(change.Latest), detail, why);
        }
        else if (change.After is null)
        {
            yield return new DevEvent(DevEvent.Deleted, kind, KeyOf(change.Latest), "", "");
        }
    }

    private static IEnumerable<DevEvent> Conditions(ObjectChange change)
    {
        var old = ConditionsOf(change.Before);
        foreach (var (type, now) in ConditionsOf(change.After))
        {
            if (!old.TryGetValue(type, out var then) || then != now)
            {
                yield return new DevEvent(
                    DevEvent.Condition, (string?)change.Latest["kind"] ?? "", KeyOf(change.Latest), $"{type}={now.Status} {now.Reason}", now.Message == now.Reason ? "" : now.Message);
            }
        }
    }

    private static Dictionary<string, (string Status, string Reason, string Message)> ConditionsOf(JsonObject? obj) =>
        (obj?["status"]?["conditions"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .ToDictionary(c => $"{c["type"]}", c => ($"{c["status"]}", $"{c["reason"]}", $"{c["message"]}"), StringComparer.Ordinal);

    private static string Address(JsonObject service)
    {
        var spec = service["spec"];
        if ((string?)spec?["type"] == "ExternalName")
        {
            return $"ExternalName {spec["externalName"]}";
        }

        var ports = (spec?["ports"] as JsonArray ?? []).Select(port => port?["port"]?.ToString());
        return $"{spec?["clusterIP"]}, port {string.Join(", ", ports)}";
    }

    /// <summary>The variable that tells the proxy container where to forward to.</summary>
    private static string TargetOf(JsonObject statefulSet)
    {
        var containers = statefulSet["spec"]?["template"]?["spec"]?["containers"] as JsonArray ?? [];
        var variables = containers.SelectMany(container => container?["env"] as JsonArray ?? []);
        return variables.Select(variable => (Name: (string?)variable?["name"] ?? "", Value: (string?)variable?["value"]))
            .Where(variable => variable.Name.StartsWith("TS_DEST_", StringComparison.Ordinal)
                || variable.Name.StartsWith("TS_TAILNET_TARGET_", StringComparison.Ordinal)
                || variable.Name == "TS_EXPERIMENTAL_DEST_DNS_NAME")
            .Select(variable => $"{variable.Name}={variable.Value}")
            .FirstOrDefault() ?? "";
    }

    private static string ImageOf(JsonObject pod) => pod["spec"]?["containers"]?[0]?["image"]?.ToString() ?? "";

    private static JsonNode? ConfigOf(JsonObject secret)
    {
        var newest = TailscaledConfig.FileName(TailscaledConfig.CapabilityVersions.Max());
        return (string?)secret["data"]?[newest] is { } content ? JsonNode.Parse(Convert.FromBase64String(content)) : null;
    }

    private static bool IsDeleting(JsonObject obj) => obj["metadata"]?["deletionTimestamp"] is not null;

    private static bool HasFinalizer(JsonObject obj) =>
        (obj["metadata"]?["finalizers"] as JsonArray)?.Any(f => (string?)f == ServiceProxyPlan.Finalizer) == true;

    private static Dictionary<string, string>? Labels(JsonObject obj) =>
        (obj["metadata"]?["labels"] as JsonObject)?.ToDictionary(label => label.Key, label => label.Value?.ToString() ?? "", StringComparer.Ordinal);

    private static ObjectKey KeyOf(JsonObject obj) =>
        new((string?)obj["metadata"]?["namespace"] ?? "", (string?)obj["metadata"]?["name"] ?? "");

    private static string Name(ProxyParent parent) => new ObjectKey(parent.Namespace, parent.Name).ToString();
}
