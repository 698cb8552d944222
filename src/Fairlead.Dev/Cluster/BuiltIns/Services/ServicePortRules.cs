using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns.Rules;

namespace Fairlead.Dev.Cluster.BuiltIns.Services;

/// <summary>What the ports of a Service must satisfy.</summary>
internal static class ServicePortRules
{
    public static void Check(JsonObject spec, Problems problems)
    {
        var needsNames = spec.Array("ports") is { Count: > 1 };
        var names = new HashSet<string>();
        var ports = new HashSet<(long, string)>();
        var nodePorts = new HashSet<(long, string)>();
        foreach (var (i, port) in spec.Indexed("ports"))
        {
            var path = $"spec.ports[{i}]";
            CheckOne(port, path, needsNames, problems);
            var protocol = port.Text("protocol") ?? "TCP";
            if (port.Text("name") is { } name && !names.Add(name))
                problems.Duplicate($"{path}.name", name);
            if (port.Integer("port") is { } number && !ports.Add((number, protocol)))
                problems.Duplicate(path, Shown(port, "port", "protocol"));
            if (port.Integer("nodePort") is not { } nodePort || nodePort == 0)
                continue;
            if (!ServiceTraits.MayHaveNodePorts(spec))
                problems.Forbidden($"{path}.nodePort", $"may not be used when `type` is '{spec.Text("type")}'");
            if (!nodePorts.Add((nodePort, protocol)))
                problems.Duplicate($"{path}.nodePort", nodePort);
        }
    }

    private static void CheckOne(JsonObject port, string path, bool needsName, Problems problems)
    {
        if (port.Text("name") is { } name)
            problems.Check($"{path}.name", name, Names.DnsLabel(name));
        else if (needsName)
            problems.Required($"{path}.name");

        if (port.Integer("port") is { } number)
            problems.Check($"{path}.port", number, Names.PortNumber(number));
        if (port.Integer("nodePort") is { } nodePort and < 0)
            problems.Invalid($"{path}.nodePort", nodePort, "must be between 0 and 65535, inclusive");
        if (port.Integer("targetPort") is { } target)
            problems.Check($"{path}.targetPort", target, Names.PortNumber(target));
        else if (port.Text("targetPort") is { } targetName)
            problems.Check($"{path}.targetPort", targetName, Names.PortName(targetName));
        if (port.Text("appProtocol") is { } application)
            problems.Check($"{path}.appProtocol", application, Names.QualifiedName(application));
    }

    private static JsonObject Shown(JsonObject port, params ReadOnlySpan<string> names)
    {
        var shown = new JsonObject();
        foreach (var name in names)
            shown[name] = port[name]?.DeepClone();
        return shown;
    }
}
