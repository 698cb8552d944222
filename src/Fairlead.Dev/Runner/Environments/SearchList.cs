using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.ServiceNetwork.Dns;

namespace Fairlead.Dev.Runner.Environments;

/// <summary>The domains in which a Pod's short names are looked up, as a kubelet writes them into <c>/etc/resolv.conf</c>.</summary>
internal static class SearchList
{
    /// <returns>Those of the Pod's DNS policy, then its own; each once.</returns>
    public static IReadOnlyList<string> Of(JsonObject pod)
    {
        var spec = pod.Object("spec");
        var isOfCluster = (spec.Text("dnsPolicy") ?? "ClusterFirst") switch
        {
            "ClusterFirst" => spec.Flag("hostNetwork") != true,
            "ClusterFirstWithHostNet" => true,
            _ => false,
        };
        IEnumerable<string> cluster = isOfCluster ? [$"{pod.Namespace()}.svc.{ClusterNames.Zone}", $"svc.{ClusterNames.Zone}", ClusterNames.Zone] : [];
        return [.. cluster.Concat(spec.Object("dnsConfig").Texts("searches")).Distinct(StringComparer.Ordinal)];
    }
}
