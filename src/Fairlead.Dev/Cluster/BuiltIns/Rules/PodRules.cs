using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What Pods and Pod templates must satisfy.</summary>
internal static class PodRules
{
    private static readonly string[] ChangeableFields = ["image"];

    public static void Check(JsonObject pod, JsonObject? old, Problems problems)
    {
        var spec = pod.Object("spec") ?? [];
        CheckSpec(spec, "spec", problems);
        if (spec.Array("ephemeralContainers") is { Count: > 0 } && old is null)
            problems.Forbidden("spec.ephemeralContainers", "cannot be set on create");
        if (old?.Object("spec") is { } oldSpec)
            CheckUpdate(spec, oldSpec, problems);
    }

    public static void CheckTemplate(JsonObject? template, string path, Problems problems)
    {
        var metadata = template.Object("metadata");
        SelectorRules.Labels(metadata.Object("labels"), $"{path}.labels", problems);
        SelectorRules.Annotations(metadata.Object("annotations"), $"{path}.annotations", problems);
        if (template.Object("spec") is not { } spec)
            return;

        CheckSpec(spec, $"{path}.spec", problems);
        if (spec.Array("ephemeralContainers") is { Count: > 0 })
            problems.Forbidden($"{path}.spec.ephemeralContainers", "ephemeral containers not allowed in pod template");
    }

    public static void CheckSpec(JsonObject spec, string path, Problems problems)
    {
        var volumes = VolumeRules.Check(spec, path, problems);
        var names = new HashSet<string>();
        ContainerRules.CheckAll(spec, "containers", path, volumes, names, problems);
        ContainerRules.CheckAll(spec, "initContainers", path, volumes, names, problems);
        ContainerRules.CheckAll(spec, "ephemeralContainers", path, volumes, names, problems);
        if (spec["containers"] is JsonArray { Count: 0 })
            problems.Required($"{path}.containers");

        CheckTimes(spec, path, problems);
        CheckNetwork(spec, path, problems);
        SelectorRules.Labels(spec.Object("nodeSelector"), $"{path}.nodeSelector", problems);
        foreach (var name in (ReadOnlySpan<string>)["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"])
        {
            if (spec.Text(name) is { } text)
                problems.Check($"{path}.{name}", text, Names.DnsSubdomain(text));
        }

        SchedulingRules.Check(spec, path, problems);
        CheckSecurity(spec, path, problems);
    }

    private static void CheckTimes(JsonObject spec, string path, Problems problems)
    {
        if (spec.Integer("terminationGracePeriodSeconds") is { } grace and < 0)
            problems.Invalid($"{path}.terminationGracePeriodSeconds", grace, "must be greater than or equal to 0");
        if (spec.Integer("activeDeadlineSeconds") is { } deadline && deadline is < 1 or > int.MaxValue)
            problems.Invalid($"{path}.activeDeadlineSeconds", deadline, $"must be between 1 and {int.MaxValue}, inclusive");
    }

    private static void CheckNetwork(JsonObject spec, string path, Problems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["hostname", "subdomain"])
        {
            if (spec.Text(name) is { } text)
                problems.Check($"{path}.{name}", text, Names.DnsLabel(text));
        }

        if (spec.Text("dnsPolicy") == "None" && spec.Object("dnsConfig") is null)
            problems.Required($"{path}.dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None");
        else if (spec.Text("dnsPolicy") == "None" && spec.Object("dnsConfig").Array("nameservers") is not { Count: > 0 })
            problems.Required($"{path}.dnsConfig.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None");
        foreach (var (server, i) in spec.Object("dnsConfig").Texts("nameservers").Select((s, i) => (s, i)))
        {
            if (!System.Net.IPAddress.TryParse(server, out _))
                problems.Invalid($"{path}.dnsConfig.nameservers[{i}]", server, Services.ServiceAddressRules.AddressSyntax);
        }

        foreach (var (i, alias) in spec.Indexed("hostAliases"))
        {
            if (alias.Text("ip") is { } ip && !System.Net.IPAddress.TryParse(ip, out _))
                problems.Invalid($"{path}.hostAliases[{i}].ip", ip, Services.ServiceAddressRules.AddressSyntax);
            foreach (var (host, j) in alias.Texts("hostnames").Select((h, j) => (h, j)))
                problems.Check($"{path}.hostAliases[{i}].hostnames[{j}]", host, Names.DnsSubdomain(host));
        }
    }

    private static void CheckSecurity(JsonObject spec, string path, Problems problems)
    {
        var context = spec.Object("securityContext");
        foreach (var name in (ReadOnlySpan<string>)["runAsUser", "runAsGroup", "fsGroup"])
        {
            if (context.Integer(name) is { } id && id is < 0 or > int.MaxValue)
                problems.Invalid($"{path}.securityContext.{name}", id, $"must be between 0 and {int.MaxValue}, inclusive");
        }

        if (spec.Flag("hostPID") == true && spec.Flag("shareProcessNamespace") == true)
            problems.Invalid($"{path}.securityContext.shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled");
        foreach (var (i, sysctl) in context.Indexed("sysctls"))
            problems.RequiredText(sysctl, $"{path}.securityContext.sysctls[{i}]", "name");
    }

    private static void CheckUpdate(JsonObject spec, JsonObject old, Problems problems)
    {
        const string Allowed =
            "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`," +
            "`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was " +
            "previously negative)";
        if (!JsonNode.DeepEquals(WithoutChangeable(spec), WithoutChangeable(old)) || RemovesToleration(spec, old))
            problems.Forbidden("spec", Allowed);
    }

    private static bool RemovesToleration(JsonObject spec, JsonObject old) =>
        old.Objects("tolerations").Any(t => !spec.Objects("tolerations").Any(now => JsonNode.DeepEquals(now, t)));

    private static JsonObject WithoutChangeable(JsonObject spec)
    {
        var rest = (JsonObject)spec.DeepClone();
        foreach (var container in rest.Objects("containers").Concat(rest.Objects("initContainers")))
        {
            foreach (var name in ChangeableFields)
                container.Remove(name);
        }

        foreach (var name in (ReadOnlySpan<string>)["activeDeadlineSeconds", "tolerations", "ephemeralContainers", "schedulingGates"])
            rest.Remove(name);

        // Binding to a node sets the name once, from nothing.
        rest.Remove("nodeName");
        return rest;
    }
}
