using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns.Rules;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>What a Service must satisfy.</summary>
internal static class ServiceRules
{
    // A day, the API's limit for ClientIP affinity.
    private const int MaxAffinitySeconds = 86400;

    public static void Check(JsonObject service, JsonObject? old, Problems problems)
    {
        var spec = service.Object("spec") ?? [];
        var oldSpec = old.Object("spec");
        CheckByType(spec, problems);
        SelectorRules.Labels(spec.Object("selector"), "spec.selector", problems);
        ServicePortRules.Check(spec, problems);
        CheckAffinity(spec, problems);
        ServiceAddressRules.Check(spec, oldSpec, problems);
        CheckTraffic(spec, problems);
        if (old is not null)
            CheckUpdate(spec, oldSpec, problems);
        CheckStatus(service, problems);
    }

    private static void CheckByType(JsonObject spec, Problems problems)
    {
        var type = spec.Text("type");
        if (spec.Array("ports") is not { Count: > 0 } && !ServiceTraits.IsHeadless(spec) && type != "ExternalName")
            problems.Required("spec.ports");

        switch (type)
        {
            case "LoadBalancer" when ServiceTraits.IsHeadless(spec):
                problems.Invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for LoadBalancer services");
                break;
            case "NodePort" when ServiceTraits.IsHeadless(spec):
                problems.Invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for NodePort services");
                break;
            case "ExternalName":
                CheckExternalName(spec, problems);
                break;
        }

        if (type != "LoadBalancer" && spec["allocateLoadBalancerNodePorts"] is not null)
            problems.Forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'");
        if (type != "LoadBalancer" && spec["loadBalancerClass"] is not null)
            problems.Forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'");
        if (type == "LoadBalancer" && spec.Text("loadBalancerClass") is { } loadBalancerClass)
            problems.Check("spec.loadBalancerClass", spec["loadBalancerClass"], Names.QualifiedName(loadBalancerClass));
    }

    private static void CheckExternalName(JsonObject spec, Problems problems)
    {
        if (spec.Texts("clusterIPs").Any())
            problems.Forbidden("spec.clusterIPs", "may not be set when `type` is 'ExternalName'");
        if (spec["ipFamilies"] is not null)
            problems.Forbidden("spec.ipFamilies", "may not be set when `type` is 'ExternalName'");
        if (spec["ipFamilyPolicy"] is not null)
            problems.Forbidden("spec.ipFamilyPolicy", "may not be set when `type` is 'ExternalName'");

        // An absolute name ends in a dot.
        if ((spec.Text("externalName") ?? "") is var name && name.TrimEnd('.') is { Length: > 0 } host)
            problems.Check("spec.externalName", name, Names.DnsSubdomain(name.EndsWith('.') ? name[..^1] : host));
        else
            problems.Required("spec.externalName");
    }

    private static void CheckAffinity(JsonObject spec, Problems problems)
    {
        if (spec.Text("sessionAffinity") != "ClientIP")
            return;

        var config = spec.Object("sessionAffinityConfig").Object("clientIP");
        if (config.Integer("timeoutSeconds") is { } seconds && seconds is <= 0 or > MaxAffinitySeconds)
        {
            problems.Invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", config!["timeoutSeconds"], $"must be greater than 0 and less than {MaxAffinitySeconds}");
        }
    }

    private static void CheckTraffic(JsonObject spec, Problems problems)
    {
        if (spec["externalTrafficPolicy"] is { } external && !ServiceTraits.IsExternallyAccessible(spec))
            problems.Invalid("spec.externalTrafficPolicy", external, "may only be set for externally-accessible services");
        if (ServiceTraits.IsExternallyAccessible(spec) && spec["externalTrafficPolicy"] is null)
            problems.Required("spec.externalTrafficPolicy");
        if (spec.Integer("healthCheckNodePort") is { } port and not 0 && !ServiceTraits.NeedsHealthCheckPort(spec))
        {
            problems.Invalid(
                "spec.healthCheckNodePort", port, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        }

        if (spec.Texts("loadBalancerSourceRanges").Any() && spec.Text("type") != "LoadBalancer")
            problems.Forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'");
        foreach (var (range, i) in spec.Texts("loadBalancerSourceRanges").Select((r, i) => (r, i)))
        {
            if (!IPNetwork.TryParse(range.Trim(), out _))
                problems.Invalid($"spec.LoadBalancerSourceRanges[{i}]", range, "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
        }

        if (spec.Text("trafficDistribution") is { } distribution && distribution is not ("PreferClose" or "PreferSameZone" or "PreferSameNode"))
            problems.NotSupported("spec.trafficDistribution", distribution, "PreferClose", "PreferSameZone", "PreferSameNode");
    }

    private static void CheckUpdate(JsonObject spec, JsonObject? old, Problems problems)
    {
        if (spec.Text("type") == "LoadBalancer" && old.Text("type") == "LoadBalancer" &&
            !JsonNode.DeepEquals(spec["loadBalancerClass"], old!["loadBalancerClass"]))
        {
            problems.Invalid("spec.loadBalancerClass", spec["loadBalancerClass"], "may not change once set");
        }

        if (ServiceTraits.NeedsHealthCheckPort(spec) && ServiceTraits.NeedsHealthCheckPort(old) &&
            spec.Integer("healthCheckNodePort") != old.Integer("healthCheckNodePort"))
        {
            problems.Invalid("spec.healthCheckNodePort", spec["healthCheckNodePort"], "field is immutable");
        }
    }

    private static void CheckStatus(JsonObject service, Problems problems)
    {
        var ingress = service.Object("status").Object("loadBalancer");
        if (ingress.Array("ingress") is { Count: > 0 } && service.Object("spec").Text("type") != "LoadBalancer")
        {
            problems.Forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }

        foreach (var (i, item) in ingress.Indexed("ingress"))
            CheckIngress(item, $"status.loadBalancer.ingress[{i}]", problems);
    }

    private static void CheckIngress(JsonObject item, string path, Problems problems)
    {
        if (item.Text("ip") is { } ip && !IPAddress.TryParse(ip, out _))
            problems.Invalid($"{path}.ip", ip, ServiceAddressRules.AddressSyntax);
        if (item["ip"] is null && item["ipMode"] is not null)
            problems.Forbidden($"{path}.ipMode", "may not be specified when `ip` is not set");
        if (item.Text("hostname") is not { } hostname)
            return;

        problems.Check($"{path}.hostname", hostname, Names.DnsSubdomain(hostname));
        if (IPAddress.TryParse(hostname, out _))
            problems.Invalid($"{path}.hostname", hostname, "must be a DNS name, not an IP address");
    }
}
