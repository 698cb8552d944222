using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>Completes <c>ipFamilyPolicy</c> and <c>ipFamilies</c> of a Service.</summary>
internal static class ServiceFamilies
{
    private const string PolicyField = "spec.ipFamilyPolicy";

    /// <summary>Keeps <c>clusterIP</c> and the first of <c>clusterIPs</c> the same, whichever of them was written.</summary>
    public static void AlignAddresses(JsonObject spec, JsonObject? old)
    {
        var (single, list) = (spec.Text("clusterIP"), spec.Texts("clusterIPs").ToList());
        if (old is null)
        {
            if (single is not null && list.Count == 0)
                spec["clusterIPs"] = new JsonArray(single);
            return;
        }

        var (oldSingle, oldList) = (old.Text("clusterIP"), old.Texts("clusterIPs").ToList());
        if (single is null && oldSingle is not null && list.SequenceEqual(oldList))
            spec.Remove("clusterIPs");
        else if (single is not null && oldSingle is null && list.Count == 0)
            spec["clusterIPs"] = new JsonArray(single);
        else if (single is not null && single != oldSingle && list.SequenceEqual(oldList))
            spec["clusterIPs"] = new JsonArray(single);
    }

    public static void Complete(JsonObject spec, JsonObject? old, ServiceAllocator allocator, Problems problems)
    {
        if (spec.Text("type") == "ExternalName")
            return;

        var isFreeHeadless = ServiceTraits.IsHeadless(spec) && !ServiceTraits.HasSelector(spec);
        if (spec["ipFamilyPolicy"] is null)
            spec["ipFamilyPolicy"] = old.Text("ipFamilyPolicy") ?? (isFreeHeadless ? "RequireDualStack" : "SingleStack");

        var policy = spec.Text("ipFamilyPolicy");
        if (old is not null)
            Reduce(spec, old, policy, problems);

        var families = spec.Texts("ipFamilies").ToList();
        var addresses = spec.Texts("clusterIPs").ToList();
        if (policy == "SingleStack" && addresses.Count == 2)
            problems.Invalid(PolicyField, policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        if (policy == "SingleStack" && families.Count == 2)
            problems.Invalid(PolicyField, policy, "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");

        InferFromAddresses(families, addresses, allocator, problems);
        if (!isFreeHeadless)
            CheckConfigured(policy, families, allocator, problems);
        if (families.Count == 0)
            families.Add(allocator.Ranges[0].Family);
        if (policy != "SingleStack" && families.Count == 1 && (isFreeHeadless || allocator.Ranges.Count == 2))
            families.Add(families[0] == "IPv4" ? "IPv6" : "IPv4");
        spec["ipFamilies"] = new JsonArray([.. families.Select(f => (JsonNode)f)]);
    }

    public static string FamilyOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "IPv6" : "IPv4";

    private static void Reduce(JsonObject spec, JsonObject old, string? policy, Problems problems)
    {
        foreach (var (name, noun) in (ReadOnlySpan<(string, string)>)[("clusterIPs", "cluster IP"), ("ipFamilies", "IP family")])
        {
            var (now, before) = (spec.Texts(name).ToList(), old.Texts(name).ToList());
            if (policy == "SingleStack" && now.Count > 1 && now.SequenceEqual(before))
                spec[name] = new JsonArray(now[0]);
            else if (policy != "SingleStack" && now.Count == 1 && before.Count == 2 && now[0] == before[0])
                problems.Invalid(PolicyField, policy, $"must be 'SingleStack' to release the secondary {noun}");
        }
    }

    private static void InferFromAddresses(List<string> families, List<string> addresses, ServiceAllocator allocator, Problems problems)
    {
        for (var i = families.Count; i < addresses.Count && addresses[i] != "None"; i++)
        {
            if (!IPAddress.TryParse(addresses[i], out var address))
                return;
            var family = FamilyOf(address);
            if (allocator.RangeOf(family) is null)
                problems.Invalid($"spec.clusterIPs[{i}]", new JsonArray([.. addresses.Select(a => (JsonNode)a)]), $"{family} is not configured on this cluster");
            else
                families.Add(family);
        }
    }

    private static void CheckConfigured(string? policy, List<string> families, ServiceAllocator allocator, Problems problems)
    {
        if (policy == "RequireDualStack" && allocator.Ranges.Count < 2)
            problems.Invalid(PolicyField, policy, "this cluster is not configured for dual-stack services");
        for (var i = 0; i < families.Count; i++)
        {
            if (families[i] is "IPv4" or "IPv6" && allocator.RangeOf(families[i]) is null)
                problems.Invalid($"spec.ipFamilies[{i}]", families[i], "not configured on this cluster");
        }
    }
}
