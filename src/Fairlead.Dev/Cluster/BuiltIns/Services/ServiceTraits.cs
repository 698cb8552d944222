using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>What follows from a Service's type and policies.</summary>
internal static class ServiceTraits
{
    public static bool NeedsClusterIP(JsonObject? spec) => spec.Text("type") is "ClusterIP" or "NodePort" or "LoadBalancer";

    public static bool IsHeadless(JsonObject? spec) => spec.Text("clusterIP") == "None";

    public static bool MayHaveNodePorts(JsonObject? spec) => spec.Text("type") is "NodePort" or "LoadBalancer";

    public static bool NeedsNodePorts(JsonObject? spec) =>
        spec.Text("type") == "NodePort" || (spec.Text("type") == "LoadBalancer" && spec.Flag("allocateLoadBalancerNodePorts") != false);

    public static bool NeedsHealthCheckPort(JsonObject? spec) => spec.Text("type") == "LoadBalancer" && spec.Text("externalTrafficPolicy") == "Local";

    public static bool IsExternallyAccessible(JsonObject? spec) =>
        MayHaveNodePorts(spec) || (spec.Text("type") == "ClusterIP" && spec.Array("externalIPs") is { Count: > 0 });

    public static bool HasSelector(JsonObject? spec) => spec.Object("selector") is { Count: > 0 };
}
