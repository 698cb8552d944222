using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authorization;

namespace Fairlead.Dev.Cluster;

/// <summary>The objects that every new cluster has.</summary>
internal static class ClusterBootstrap
{
    private const string RbacGroup = "rbac.authorization.k8s.io";

    public static void Run(IClusterApi api, IPNetwork serviceRange, int port)
    {
        foreach (var name in (ReadOnlySpan<string>)["default", "kube-node-lease", "kube-public", "kube-system"])
            api.Create("", "namespaces", null, Named(name));
        foreach (var role in DefaultRoles.ClusterRoles())
            api.Create(RbacGroup, "clusterroles", null, role);
        foreach (var binding in DefaultRoles.ClusterRoleBindings())
            api.Create(RbacGroup, "clusterrolebindings", null, binding);
        CreateKubernetesService(api, serviceRange, port);
    }

    /// <summary>The API server is reachable inside the cluster as the first address of the primary range.</summary>
    private static void CreateKubernetesService(IClusterApi api, IPNetwork serviceRange, int port)
    {
        var labels = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        var service = Named("kubernetes", labels);
        service["spec"] = new JsonObject
        {
            ["clusterIP"] = FirstOf(serviceRange).ToString(),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443, ["targetPort"] = port }),
        };
        api.Create("", "services", "default", service);
        var slice = Named("kubernetes", new JsonObject { ["kubernetes.io/service-name"] = "kubernetes" });
        slice["addressType"] = "IPv4";
        slice["endpoints"] = new JsonArray(new JsonObject
        {
            // Where Pods are not of this machine, loopback addresses are not allowed in endpoints; the other one is set aside
            // for documentation.
            ["addresses"] = new JsonArray(IPAddress.IsLoopback(serviceRange.BaseAddress) ? "127.0.0.1" : "192.0.2.1"),
            ["conditions"] = new JsonObject { ["ready"] = true },
        });
        slice["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = port, ["protocol"] = "TCP" });
        api.Create("discovery.k8s.io", "endpointslices", "default", slice);
    }

    public static IPAddress FirstOf(IPNetwork range)
    {
        var bytes = range.BaseAddress.GetAddressBytes();
        bytes[^1]++;
        return new IPAddress(bytes);
    }

    private static JsonObject Named(string name, JsonObject? labels = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (labels is not null)
            metadata["labels"] = labels;
        return new JsonObject { ["metadata"] = metadata };
    }
}
