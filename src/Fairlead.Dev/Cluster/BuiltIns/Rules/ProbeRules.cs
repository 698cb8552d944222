using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>What probes and lifecycle handlers must satisfy.</summary>
internal static class ProbeRules
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];
    private static readonly string[] Actions = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    public static void Check(JsonObject container, string path, bool isInit, Problems problems)
    {
        var isSidecar = isInit && container.Text("restartPolicy") == "Always";
        foreach (var name in Probes)
        {
            if (container.Object(name) is not { } probe)
                continue;
            if (isInit && !isSidecar)
                problems.Forbidden($"{path}.{name}", "may not be set for init containers without restartPolicy=Always");
            else
                CheckProbe(probe, $"{path}.{name}", name, problems);
        }

        if (container.Object("lifecycle") is not { } lifecycle)
            return;
        if (isInit && !isSidecar)
            problems.Forbidden($"{path}.lifecycle", "may not be set for init containers without restartPolicy=Always");
        foreach (var name in (ReadOnlySpan<string>)["postStart", "preStop"])
        {
            if (lifecycle.Object(name) is { } handler)
                CheckHandler(handler, $"{path}.lifecycle.{name}", problems);
        }
    }

    private static void CheckProbe(JsonObject probe, string path, string name, Problems problems)
    {
        CheckHandler(probe, path, problems);
        foreach (var number in (ReadOnlySpan<string>)["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
        {
            if (probe.Integer(number) is { } value and < 0)
                problems.Invalid($"{path}.{number}", value, "must be greater than or equal to 0");
        }

        if (name != "readinessProbe" && probe.Integer("successThreshold") is { } threshold and > 1)
            problems.Invalid($"{path}.successThreshold", threshold, "must be 1");
        if (name == "readinessProbe" && probe["terminationGracePeriodSeconds"] is { } grace)
            problems.Invalid($"{path}.terminationGracePeriodSeconds", grace, "must not be set for readinessProbes");
    }

    private static void CheckHandler(JsonObject handler, string path, Problems problems)
    {
        var actions = Actions.Where(a => handler.Object(a) is not null).ToList();
        if (actions.Count == 0)
            problems.Required(path, "must specify a handler type");
        foreach (var second in actions.Skip(1))
            problems.Forbidden($"{path}.{second}", "may not specify more than 1 handler type");
        foreach (var action in actions)
            CheckAction(handler.Object(action)!, action, $"{path}.{action}", problems);
    }

    private static void CheckAction(JsonObject action, string name, string path, Problems problems)
    {
        switch (name)
        {
            case "exec" when action.Array("command") is not { Count: > 0 }:
                problems.Required($"{path}.command");
                break;
            case "httpGet" or "tcpSocket" or "grpc":
                CheckPort(action["port"], $"{path}.port", problems);
                break;
        }
    }

    private static void CheckPort(JsonNode? port, string path, Problems problems)
    {
        if (port.Integer() is { } number)
            problems.Check(path, port, Names.PortNumber(number));
        else if (port.Text() is { } name)
            problems.Check(path, port, Names.PortName(name));
    }
}
