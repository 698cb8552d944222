using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What the containers of a Pod must satisfy.</summary>
internal static class ContainerRules
{
    public static void CheckAll(JsonObject spec, string list, string path, IReadOnlySet<string> volumes, HashSet<string> names, Problems problems)
    {
        foreach (var (i, container) in spec.Indexed(list))
        {
            var at = $"{path}.{list}[{i}]";
            if (container.Text("name") is { Length: > 0 } name)
            {
                problems.Check($"{at}.name", name, Names.DnsLabel(name));
                if (!names.Add(name))
                    problems.Duplicate($"{at}.name", name);
            }
            else
            {
                problems.RequiredText(container, at, "name");
            }

            CheckImage(container, at, problems);
            CheckPorts(container, at, problems);
            EnvironmentRules.Check(container, at, problems);
            CheckMounts(container, at, volumes, problems);
            ResourceRules.Check(container.Object("resources"), $"{at}.resources", problems);
            ProbeRules.Check(container, at, isInit: list == "initContainers", problems);
            CheckSecurity(container.Object("securityContext"), $"{at}.securityContext", problems);
        }
    }

    private static void CheckImage(JsonObject container, string path, Problems problems)
    {
        if (container.Text("image") is not { } image)
            problems.Required($"{path}.image");
        else if (image != image.Trim())
            problems.Invalid($"{path}.image", image, "must not have leading or trailing whitespace");
    }

    private static void CheckPorts(JsonObject container, string path, Problems problems)
    {
        var names = new HashSet<string>();
        foreach (var (i, port) in container.Indexed("ports"))
        {
            var at = $"{path}.ports[{i}]";
            if (port.Text("name") is { } name)
            {
                if (Names.PortName(name) is { } fault)
                    problems.Invalid($"{at}.name", name, fault);
                else if (!names.Add(name))
                    problems.Duplicate($"{at}.name", name);
            }

            if (port.Integer("containerPort") is 0)
                problems.Required($"{at}.containerPort");
            else if (port.Integer("containerPort") is { } number)
                problems.Check($"{at}.containerPort", number, Names.PortNumber(number));
            if (port.Integer("hostPort") is { } hostPort)
                problems.Check($"{at}.hostPort", hostPort, Names.PortNumber(hostPort));
        }
    }

    private static void CheckMounts(JsonObject container, string path, IReadOnlySet<string> volumes, Problems problems)
    {
        var paths = new HashSet<string>();
        foreach (var (i, mount) in container.Indexed("volumeMounts"))
        {
            var at = $"{path}.volumeMounts[{i}]";
            problems.RequiredText(mount, at, "name");
            if (mount.Text("name") is { Length: > 0 } name && !volumes.Contains(name))
                problems.NotFound($"{at}.name", name);
            problems.RequiredText(mount, at, "mountPath");
            if (mount.Text("mountPath") is { Length: > 0 } target && !paths.Add(target))
                problems.Invalid($"{at}.mountPath", target, "must be unique");
            if (mount["subPath"] is not null && mount["subPathExpr"] is not null)
                problems.Invalid($"{at}.subPathExpr", mount["subPathExpr"], "subPathExpr and subPath are mutually exclusive");
            foreach (var member in (ReadOnlySpan<string>)["subPath", "subPathExpr"])
            {
                if (mount.Text(member) is { } inner)
                    problems.Check($"{at}.{member}", inner, VolumeRules.RelativePathFault(inner));
            }
        }
    }

    private static void CheckSecurity(JsonObject? context, string path, Problems problems)
    {
        foreach (var name in (ReadOnlySpan<string>)["runAsUser", "runAsGroup"])
        {
            if (context.Integer(name) is { } id && id is < 0 or > int.MaxValue)
                problems.Invalid($"{path}.{name}", id, $"must be between 0 and {int.MaxValue}, inclusive");
        }

        if (context.Flag("allowPrivilegeEscalation") != false)
            return;
        if (context.Flag("privileged") == true)
            problems.Invalid(path, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true");
        if (context.Object("capabilities").Texts("add").Any(c => c is "CAP_SYS_ADMIN"))
            problems.Invalid(path, context, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN");
    }
}
