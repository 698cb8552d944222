using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Resources;
using static Fairlead.Dev.Cluster.BuiltIns.Columns.Cells;

namespace Fairlead.Dev.Cluster.BuiltIns.Columns;

/// <summary>Columns of Pods.</summary>
internal static class PodColumns
{
    public static readonly ImmutableArray<PrinterColumn> Pod =
    [
        Column("Ready", Ready, "Containers that are ready, of all."),
        Column("Status", State, "How the Pod stands."),
        Column("Restarts", Restarts, "How often containers were started again."),
        Age,
        Column("IP", o => OrNone(o.Object("status").Text("podIP")), wide: true),
        Column("Node", o => OrNone(o.Object("spec").Text("nodeName")), wide: true),
        Column("Nominated Node", o => OrNone(o.Object("status").Text("nominatedNodeName")), wide: true),
        Column("Readiness Gates", Gates, wide: true),
    ];

    public static readonly ImmutableArray<PrinterColumn> PodTemplate =
    [
        Column("Containers", o => Containers(o.Object("template").Object("spec"))),
        Column("Images", o => Images(o.Object("template").Object("spec"))),
        Column("Pod Labels", o => Labels(o.Object("template").Object("metadata").Object("labels"))),
    ];

    private static string Ready(JsonObject pod)
    {
        var ready = Statuses(pod, "containerStatuses").Count(c => c.Flag("ready") == true && c.Object("state").Object("running") is not null);
        return string.Create(CultureInfo.InvariantCulture, $"{ready}/{pod.Object("spec").Objects("containers").Count()}");
    }

    private static string State(JsonObject pod)
    {
        var status = pod.Object("status");
        var state = status.Text("reason") ?? status.Text("phase") ?? "Unknown";
        if (status.Objects("conditions").Any(c => c.Text("type") == "PodScheduled" && c.Text("reason") == "SchedulingGated"))
            state = "SchedulingGated";

        if (InitState(pod) is { } initializing)
            state = initializing;
        else if (ContainerState(pod, state) is { } container)
            state = container;

        if (pod.Object("metadata").Text("deletionTimestamp") is null || status.Text("phase") is "Succeeded" or "Failed")
            return state;
        return status.Text("reason") == "NodeLost" ? "Unknown" : "Terminating";
    }

    private static string? InitState(JsonObject pod)
    {
        var total = pod.Object("spec").Array("initContainers")?.Count ?? 0;
        foreach (var (i, container) in pod.Object("status").Indexed("initContainerStatuses"))
        {
            var state = container.Object("state");
            if (state.Object("terminated") is { } terminated)
            {
                if (terminated.Integer("exitCode") is 0 or null)
                    continue;
                return "Init:" + Ending(terminated);
            }

            if (container.Flag("started") == true && IsSidecar(pod, container))
                continue;
            return state.Object("waiting").Text("reason") is { } reason and not "PodInitializing"
                ? "Init:" + reason
                : string.Create(CultureInfo.InvariantCulture, $"Init:{i}/{total}");
        }

        return null;
    }

    private static bool IsSidecar(JsonObject pod, JsonObject status) => pod.Object("spec").Objects("initContainers")
        .Any(c => c.Text("name") == status.Text("name") && c.Text("restartPolicy") == "Always");

    private static string? ContainerState(JsonObject pod, string state)
    {
        string? found = null;
        var isRunning = false;
        foreach (var container in Statuses(pod, "containerStatuses").Reverse())
        {
            if (container.Object("state").Object("waiting").Text("reason") is { } waiting)
                found = waiting;
            else if (container.Object("state").Object("terminated") is { } terminated)
                found = Ending(terminated);
            else if (container.Flag("ready") == true && container.Object("state").Object("running") is not null)
                isRunning = true;
        }

        if (!isRunning || (found ?? state) != "Completed")
            return found;
        var isReady = pod.Object("status").Objects("conditions").Any(c => c.Text("type") == "Ready" && c.Text("status") == "True");
        return isReady ? "Running" : "NotReady";
    }

    private static string Ending(JsonObject terminated)
    {
        if (terminated.Text("reason") is { } reason)
            return reason;
        return terminated.Integer("signal") is { } signal and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"Signal:{signal}")
            : string.Create(CultureInfo.InvariantCulture, $"ExitCode:{terminated.Integer("exitCode") ?? 0}");
    }

    private static string Restarts(JsonObject pod, DateTimeOffset now)
    {
        var containers = Statuses(pod, "containerStatuses").ToList();
        var count = containers.Sum(c => c.Integer("restartCount") ?? 0);
        var last = containers.Select(c => c.Object("lastState").Object("terminated").Text("finishedAt")).Where(t => t is not null).Max(StringComparer.Ordinal);
        return count > 0 && last is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{count} ({Since(last, now)} ago)")
            : count.ToString(CultureInfo.InvariantCulture);
    }

    private static string Gates(JsonObject pod)
    {
        var gates = pod.Object("spec").Objects("readinessGates").Select(g => g.Text("conditionType")).ToList();
        if (gates.Count == 0)
            return None;
        var met = pod.Object("status").Objects("conditions").Count(c => gates.Contains(c.Text("type")) && c.Text("status") == "True");
        return string.Create(CultureInfo.InvariantCulture, $"{met}/{gates.Count}");
    }

    private static IEnumerable<JsonObject> Statuses(JsonObject pod, string name) => pod.Object("status").Objects(name);
}
