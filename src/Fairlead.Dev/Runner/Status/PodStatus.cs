using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Containers;

namespace Fairlead.Dev.Runner.Status;

/// <summary>Writes down a Pod's progress as its status. Conditions of others stay as they are.</summary>
internal sealed class PodStatus(JsonObject pod, PodAddress address, PodProgress progress, DateTimeOffset now)
{
    private string Phase
    {
        get
        {
            if (progress.Failure is not null)
                return "Failed";
            if (!progress.IsInitialized)
                return progress.IsOver ? "Failed" : "Pending";
            if (progress.IsOver)
                return progress.Containers.All(c => c.Status.State is ContainerState.Terminated { ExitCode: 0 }) ? "Succeeded" : "Failed";
            return progress.Containers.Any(c => c.Status.State is not ContainerState.Waiting || c.Status.Last is not null) ? "Running" : "Pending";
        }
    }

    public JsonObject Build()
    {
        var status = (JsonObject)(pod.Object("status")?.DeepClone() ?? new JsonObject());
        status["phase"] = Phase;
        status["hostIP"] = address.Node.ToString();
        status["hostIPs"] = new JsonArray((JsonNode)new JsonObject { ["ip"] = address.Node.ToString() });
        status["podIP"] = address.Pod.ToString();
        status["podIPs"] = new JsonArray((JsonNode)new JsonObject { ["ip"] = address.Pod.ToString() });
        status["startTime"] = Stamp(progress.StartedAt);
        if (progress.Failure is var (reason, message))
            (status["reason"], status["message"]) = (reason, message);
        if (progress.InitContainers.Count > 0)
            status["initContainerStatuses"] = Containers(progress.InitContainers);
        status["containerStatuses"] = Containers(progress.Containers);
        status["conditions"] = Conditions();
        return status;
    }

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private JsonArray Conditions()
    {
        var conditions = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var known in pod.Object("status").Objects("conditions"))
            conditions[known.Text("type") ?? ""] = (JsonObject)known.DeepClone();

        var unready = progress.Containers.Concat(progress.InitContainers.Where(c => IsSidecar(c))).Where(c => !c.Status.IsReady).Select(c => c.Name).ToList();
        var gates = pod.Object("spec").Objects("readinessGates").Select(g => g.Text("conditionType") ?? "")
            .Where(gate => conditions.GetValueOrDefault(gate).Text("status") != "True").ToList();
        var (reason, message) = progress.IsOver ? ("PodCompleted", null)
            : unready.Count > 0 ? ("ContainersNotReady", $"containers with unready status: [{string.Join(' ', unready)}]")
            : (null, (string?)null);
        Set(conditions, "PodScheduled", true);
        Set(conditions, "PodReadyToStartContainers", progress.HasVolumes && !progress.IsOver);
        Set(conditions, "Initialized", progress.IsInitialized, progress.IsInitialized ? null : "ContainersNotInitialized", progress.IsInitialized ? null : Uninitialized());
        Set(conditions, "ContainersReady", reason is null, reason, message);
        if (reason is null && gates.Count > 0)
            (reason, message) = ("ReadinessGatesNotReady", string.Join(", ", gates.Select(gate => $"corresponding condition of pod readiness gate \"{gate}\" is not True.")));
        Set(conditions, "Ready", reason is null, reason, message);
        return new JsonArray([.. conditions.Values]);
    }

    private string Uninitialized() =>
        $"containers with incomplete status: [{string.Join(' ', progress.InitContainers.Where(c => c.Status.State is not ContainerState.Terminated { ExitCode: 0 }).Select(c => c.Name))}]";

    private static bool IsSidecar(ContainerSupervisor container) => container.Spec.Text("restartPolicy") == "Always";

    private void Set(Dictionary<string, JsonObject> conditions, string type, bool holds, string? reason = null, string? message = null)
    {
        var value = holds ? "True" : "False";
        var known = conditions.GetValueOrDefault(type);
        var condition = new JsonObject
        {
            ["type"] = type,
            ["status"] = value,
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = known.Text("status") == value ? known.Text("lastTransitionTime") : Stamp(now),
        };
        if (reason is not null)
            condition["reason"] = reason;
        if (message is not null)
            condition["message"] = message;
        conditions[type] = condition;
    }

    private JsonArray Containers(IReadOnlyList<ContainerSupervisor> containers) => new([.. containers.Select(c => (JsonNode)Container(c))]);

    private JsonObject Container(ContainerSupervisor container)
    {
        var status = container.Status;
        var image = container.Spec.Text("image") ?? "";
        var shown = new JsonObject
        {
            ["name"] = container.Name,
            ["state"] = State(status.State),
            ["lastState"] = status.Last is { } last && status.State != last ? State(last) : new JsonObject(),
            ["ready"] = status.IsReady || (status.State is ContainerState.Terminated { ExitCode: 0 } && !progress.IsInitialized),
            ["restartCount"] = status.Restarts,
            ["image"] = image,
            ["imageID"] = "",
            ["started"] = status.IsStarted,
        };
        if (status.State is not ContainerState.Waiting)
            shown["containerID"] = string.Create(CultureInfo.InvariantCulture, $"process://{pod.Uid()}/{container.Name}/{status.Restarts}");
        return shown;
    }

    private static JsonObject State(ContainerState state)
    {
        switch (state)
        {
            case ContainerState.Running running:
                return new JsonObject { ["running"] = new JsonObject { ["startedAt"] = Stamp(running.StartedAt) } };
            case ContainerState.Terminated ended:
                var terminated = new JsonObject
                {
                    ["exitCode"] = ended.ExitCode,
                    ["reason"] = ended.Reason,
                    ["startedAt"] = Stamp(ended.StartedAt),
                    ["finishedAt"] = Stamp(ended.FinishedAt),
                };
                if (ended.Message is not null)
                    terminated["message"] = ended.Message;
                return new JsonObject { ["terminated"] = terminated };
            default:
                var waiting = (ContainerState.Waiting)state;
                var shown = new JsonObject { ["reason"] = waiting.Reason };
                if (waiting.Message is not null)
                    shown["message"] = waiting.Message;
                return new JsonObject { ["waiting"] = shown };
        }
    }
}
