using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner;

/// <summary>What Pods take from other objects of their namespace.</summary>
internal sealed class ClusterSources(EmbeddedCluster cluster)
{
    /// <summary>The values of a Secret or ConfigMap by key; null when there is no such object.</summary>
    /// <param name="plural"><c>secrets</c> or <c>configmaps</c>.</param>
    public IReadOnlyDictionary<string, byte[]>? Values(string plural, string ns, string name)
    {
        if (cluster.Api.Get("", plural, ns, name) is not { } obj)
            return null;
        var values = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var encoded = plural == "secrets" ? "data" : "binaryData";
        foreach (var (key, text) in obj.TextMap(encoded))
            values[key] = Convert.FromBase64String(text);
        if (plural == "configmaps")
        {
            foreach (var (key, text) in obj.TextMap("data"))
                values[key] = System.Text.Encoding.UTF8.GetBytes(text);
        }

        return values;
    }

    public bool HasClaim(string ns, string name) => cluster.Api.Get("", "persistentvolumeclaims", ns, name) is not null;

    /// <summary>A token of the Pod's ServiceAccount.</summary>
    /// <exception cref="ContainerConfigurationException">The ServiceAccount is gone.</exception>
    public string Token(JsonObject pod, string? audience, TimeSpan lifetime)
    {
        var account = pod.Object("spec").Text("serviceAccountName") ?? "default";
        try
        {
            return cluster.IssueToken(pod.Namespace(), account, pod.Name(), pod.Uid(), audience, lifetime);
        }
        catch (ApiStatusException e)
        {
            throw new ContainerConfigurationException($"token of ServiceAccount {pod.Namespace()}/{account}: {e.Message}");
        }
    }
}
