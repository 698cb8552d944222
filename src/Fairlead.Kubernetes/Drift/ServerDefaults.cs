using System.Collections.Frozen;
using System.Text.Json;

namespace Fairlead.Kubernetes.Drift;

/// <summary>
/// Fields that an API server adds to objects by itself, so that their presence is no drift. Source: the defaulting of
/// Kubernetes 1.36 for the kinds that operators usually make. A default missing here costs one futile patch per process
/// (<see cref="DriftCorrector"/> learns it), never a wrong result.
/// </summary>
internal static class ServerDefaults
{
    /// <summary>By last segment of the path: the default as JSON, or null where any value is the server's own choice.</summary>
    private static readonly FrozenDictionary<string, JsonElement[]?> ByName = new Dictionary<string, string[]?>
    {
        ["apiVersion"] = ["\"v1\""],
        ["allocateLoadBalancerNodePorts"] = ["true"],
        ["clusterIP"] = null,
        ["clusterIPs"] = null,
        ["creationTimestamp"] = null,
        ["defaultMode"] = ["420"],
        ["dnsPolicy"] = ["\"ClusterFirst\""],
        ["failureThreshold"] = ["3"],
        ["imagePullPolicy"] = ["\"IfNotPresent\"", "\"Always\""],
        ["internalTrafficPolicy"] = ["\"Cluster\""],
        ["externalTrafficPolicy"] = ["\"Cluster\""],
        ["ipFamilies"] = null,
        ["ipFamilyPolicy"] = ["\"SingleStack\""],
        ["nodePort"] = null,
        ["periodSeconds"] = ["10"],
        ["persistentVolumeClaimRetentionPolicy"] = ["""{"whenDeleted":"Retain","whenScaled":"Retain"}"""],
        ["podManagementPolicy"] = ["\"OrderedReady\""],
        ["progressDeadlineSeconds"] = ["600"],
        ["protocol"] = ["\"TCP\""],
        ["resources"] = ["{}"],
        ["restartPolicy"] = ["\"Always\""],
        ["revisionHistoryLimit"] = ["10"],
        ["schedulerName"] = ["\"default-scheduler\""],
        ["scheme"] = ["\"HTTP\""],
        ["securityContext"] = ["{}"],
        ["serviceAccount"] = null,
        ["sessionAffinity"] = ["\"None\""],
        ["strategy"] = ["""{"rollingUpdate":{"maxSurge":"25%","maxUnavailable":"25%"},"type":"RollingUpdate"}"""],
        ["successThreshold"] = ["1"],
        ["targetPort"] = null,
        ["terminationGracePeriodSeconds"] = ["30"],
        ["terminationMessagePath"] = ["\"/dev/termination-log\""],
        ["terminationMessagePolicy"] = ["\"File\""],
        ["timeoutSeconds"] = ["1"],
        ["type"] = ["\"ClusterIP\"", "\"Opaque\""],
        ["updateStrategy"] = ["""{"rollingUpdate":{"partition":0},"type":"RollingUpdate"}"""],
    }.ToFrozenDictionary(entry => entry.Key, entry => entry.Value?.Select(Parse).ToArray());

    public static bool Contain(string name, JsonElement value)
    {
        if (!ByName.TryGetValue(name, out var defaults))
        {
            return false;
        }

        if (defaults is null)
        {
            return true;
        }

        foreach (var known in defaults)
        {
            if (JsonElement.DeepEquals(known, value))
            {
                return true;
            }
        }

        return false;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
