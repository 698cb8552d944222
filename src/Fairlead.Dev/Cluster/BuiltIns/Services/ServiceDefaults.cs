using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>Defaults of a Service that depend on its type, and what an update carries over or drops.</summary>
internal static class ServiceDefaults
{
    // Three hours, the API's default for ClientIP affinity.
    private const int ClientAffinitySeconds = 10800;

    public static void Apply(JsonObject service)
    {
        var spec = service.Ensure("spec");
        DefaultAffinity(spec);
        foreach (var port in spec.Objects("ports"))
        {
            if (port["targetPort"] is null || port.Integer("targetPort") == 0 || port.Text("targetPort") == "")
                port["targetPort"] = port["port"]?.DeepClone();
        }

        if (ServiceTraits.IsExternallyAccessible(spec) && spec["externalTrafficPolicy"] is null)
            spec["externalTrafficPolicy"] = "Cluster";
        if (ServiceTraits.NeedsClusterIP(spec) && spec["internalTrafficPolicy"] is null)
            spec["internalTrafficPolicy"] = "Cluster";
        if (spec.Text("type") != "LoadBalancer")
            return;

        if (spec["allocateLoadBalancerNodePorts"] is null)
            spec["allocateLoadBalancerNodePorts"] = true;
        foreach (var ingress in service.Object("status").Object("loadBalancer").Objects("ingress"))
        {
            if (ingress.Text("ip") is not null && ingress["ipMode"] is null)
                ingress["ipMode"] = "VIP";
        }
    }

    /// <summary>Keeps allocated values that the new form leaves open.</summary>
    public static void CarryOver(JsonObject spec, JsonObject old)
    {
        if (ServiceTraits.NeedsClusterIP(spec) && ServiceTraits.NeedsClusterIP(old))
        {
            if (spec["clusterIP"] is null)
                Copy(spec, old, "clusterIP");
            if (spec["clusterIPs"] is null && spec.Text("clusterIP") == old.Text("clusterIP"))
                Copy(spec, old, "clusterIPs");
        }

        if (ServiceTraits.NeedsNodePorts(spec) && ServiceTraits.NeedsNodePorts(old))
            CarryOverPorts(spec, old);
        if (ServiceTraits.NeedsHealthCheckPort(spec) && ServiceTraits.NeedsHealthCheckPort(old) && spec["healthCheckNodePort"] is null)
            Copy(spec, old, "healthCheckNodePort");
    }

    /// <summary>Drops what made sense for the former type only, where the user left it as it was.</summary>
    public static void DropUnused(JsonObject service, JsonObject stored)
    {
        var (spec, old) = (service.Ensure("spec"), stored.Ensure("spec"));
        if (ServiceTraits.NeedsClusterIP(old) && !ServiceTraits.NeedsClusterIP(spec))
            DropUnchanged(spec, old, "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        if (ServiceTraits.MayHaveNodePorts(old) && !ServiceTraits.MayHaveNodePorts(spec))
            DropNodePorts(spec, old);
        if (ServiceTraits.NeedsHealthCheckPort(old) && !ServiceTraits.NeedsHealthCheckPort(spec))
            DropUnchanged(spec, old, "healthCheckNodePort");
        if (old.Text("type") == "LoadBalancer" && spec.Text("type") != "LoadBalancer")
        {
            DropUnchanged(spec, old, "allocateLoadBalancerNodePorts", "loadBalancerClass");
            service.Ensure("status")["loadBalancer"] = new JsonObject();
        }

        if (ServiceTraits.IsExternallyAccessible(old) && !ServiceTraits.IsExternallyAccessible(spec))
            DropUnchanged(spec, old, "externalTrafficPolicy");
    }

    private static void DefaultAffinity(JsonObject spec)
    {
        if (spec.Text("sessionAffinity") == "None")
            spec.Remove("sessionAffinityConfig");
        else if (spec.Text("sessionAffinity") == "ClientIP" && spec.Object("sessionAffinityConfig").Object("clientIP").Integer("timeoutSeconds") is null)
            spec["sessionAffinityConfig"] = new JsonObject { ["clientIP"] = new JsonObject { ["timeoutSeconds"] = ClientAffinitySeconds } };
    }

    private static void CarryOverPorts(JsonObject spec, JsonObject old)
    {
        var given = spec.Objects("ports").Select(p => p.Integer("nodePort") ?? 0).ToHashSet();
        foreach (var port in spec.Objects("ports").Where(p => p["nodePort"] is null))
        {
            var before = old.Objects("ports").FirstOrDefault(p =>
                p.Integer("port") == port.Integer("port") && p.Text("protocol") == port.Text("protocol"));
            if (before?.Integer("nodePort") is { } number and not 0 && !given.Contains(number))
                port["nodePort"] = number;
        }
    }

    private static void DropNodePorts(JsonObject spec, JsonObject old)
    {
        var before = old.Objects("ports").Select(p => p.Integer("nodePort") ?? 0).ToHashSet();
        if (spec.Objects("ports").All(p => before.Contains(p.Integer("nodePort") ?? 0)))
        {
            foreach (var port in spec.Objects("ports"))
                port.Remove("nodePort");
        }
    }

    private static void DropUnchanged(JsonObject spec, JsonObject old, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (JsonNode.DeepEquals(spec[name], old[name]))
                spec.Remove(name);
        }
    }

    private static void Copy(JsonObject to, JsonObject from, string name)
    {
        if (from[name] is { } value)
            to[name] = value.DeepClone();
    }
}
