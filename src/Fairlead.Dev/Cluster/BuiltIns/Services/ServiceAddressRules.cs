using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>What the addresses and IP families of a Service must satisfy.</summary>
internal static class ServiceAddressRules
{
    public const string AddressSyntax = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    public static void Check(JsonObject spec, JsonObject? old, Problems problems)
    {
        CheckExternal(spec, problems);
        if (spec.Text("type") == "ExternalName")
            return;

        CheckFamilies(spec, problems);
        CheckAddresses(spec, problems);
        if (old is not null && ServiceTraits.NeedsClusterIP(old) && ServiceTraits.NeedsClusterIP(spec))
            CheckUpdate(spec, old, problems);
    }

    private static void CheckExternal(JsonObject spec, Problems problems)
    {
        foreach (var (address, i) in spec.Texts("externalIPs").Select((a, i) => (a, i)))
        {
            if (!IPAddress.TryParse(address, out var parsed))
                problems.Invalid($"spec.externalIPs[{i}]", address, AddressSyntax);
            else if (IPAddress.IsLoopback(parsed) || IPAddress.Any.Equals(parsed) || IPAddress.IPv6Any.Equals(parsed))
                problems.Invalid($"spec.externalIPs[{i}]", address, IPAddress.IsLoopback(parsed) ? "may not be in the loopback range (127.0.0.0/8, ::1/128)" : "may not be unspecified (0.0.0.0)");
        }
    }

    private static void CheckFamilies(JsonObject spec, Problems problems)
    {
        var families = spec.Texts("ipFamilies").ToList();
        if (families.Count > 2)
            problems.Invalid("spec.ipFamilies", spec["ipFamilies"], "may only hold up to 2 values");
        for (var i = 0; i < families.Count; i++)
        {
            if (families[i] is not ("IPv4" or "IPv6"))
                problems.NotSupported($"spec.ipFamilies[{i}]", families[i], "IPv4", "IPv6");
            else if (families.IndexOf(families[i]) < i)
                problems.Duplicate($"spec.ipFamilies[{i}]", families[i]);
        }
    }

    private static void CheckAddresses(JsonObject spec, Problems problems)
    {
        var addresses = spec.Texts("clusterIPs").ToList();
        var families = spec.Texts("ipFamilies").ToList();
        var single = spec.Text("clusterIP");
        if (addresses.Count > 0 && single is null)
            problems.Required("spec.clusterIP", "must be set when `clusterIPs` is specified");
        else if (addresses.Count > 0 && addresses[0] != single)
            problems.Invalid("spec.clusterIPs", spec["clusterIPs"], "first value must match `clusterIP`");
        if (addresses.Count > 2)
            problems.Invalid("spec.clusterIPs", spec["clusterIPs"], "may only hold up to 2 values");

        for (var i = 0; i < addresses.Count; i++)
        {
            var path = $"spec.clusterIPs[{i}]";
            if (addresses[i] == "None")
            {
                if (addresses.Count > 1)
                    problems.Invalid(path, "None", "may not be set with other addresses");
            }
            else if (!IPAddress.TryParse(addresses[i], out var address))
            {
                problems.Invalid(path, addresses[i], AddressSyntax);
            }
            else if (i < families.Count && families[i] != ServiceFamilies.FamilyOf(address))
            {
                problems.Invalid(path, addresses[i], $"expected an {families[i]} value as indicated by `ipFamilies[{i}]`");
            }
        }
    }

    private static void CheckUpdate(JsonObject spec, JsonObject old, Problems problems)
    {
        var (now, before) = (spec.Texts("clusterIPs").ToList(), old.Texts("clusterIPs").ToList());
        if (before.Count > 0 && (now.Count == 0 || now[0] != before[0]))
        {
            problems.Invalid("spec.clusterIPs[0]", spec["clusterIPs"], "may not change once set");
        }
        else if (before.Count == 2 && now.Count == 2 && now[1] != before[1])
        {
            problems.Invalid("spec.clusterIPs[1]", spec["clusterIPs"], "may not change once set");
        }

        var (family, oldFamily) = (spec.Texts("ipFamilies").FirstOrDefault(), old.Texts("ipFamilies").FirstOrDefault());
        if (oldFamily is not null && family != oldFamily)
            problems.Invalid("spec.ipFamilies[0]", spec["ipFamilies"], "may not change once set");
    }
}
