using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Nodes;
using Fairlead.Dev.Runner.Containers;
using Fairlead.Dev.Runner.Logs;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner;

/// <summary>Answers the API server's requests about the node's Pods.</summary>
internal sealed class RunnerKeeper(Func<string, string, PodWorker?> find) : INodeKeeper
{
    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLog(PodLogRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var container = Container(request.Namespace, request.Pod, request.Container);
        if (request.Previous)
        {
            return container.PreviousLog is { } previous
                ? LogReader.ReadAsync(previous, request, cancellationToken)
                : throw ApiErrors.BadRequest($"previous terminated container \"{container.Name}\" in pod \"{request.Pod}\" not found");
        }

        if (container.Log is { } log)
            return LogReader.ReadAsync(log, request, cancellationToken);
        var why = container.Status.State is ContainerState.Waiting waiting ? waiting : new ContainerState.Waiting("ContainerCreating");
        throw ApiErrors.BadRequest(
            $"container \"{container.Name}\" in pod \"{request.Pod}\" is waiting to start: {why.Reason}{(why.Message is null ? "" : $": {why.Message}")}");
    }

    public Task<IExecSession> ExecuteAsync(PodExecRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var container = Container(request.Namespace, request.Pod, request.Container);
        if (container.Process is not { } process)
            throw ApiErrors.BadRequest($"container \"{container.Name}\" in pod \"{request.Pod}\" is not running");
        try
        {
            var group = ProcessGroup.Start(ContainerLaunch.Inside(process, request.Command), container.Guard);
            return Task.FromResult<IExecSession>(new ExecSession(group));
        }
        catch (ProcessStartException e)
        {
            throw new ApiStatusException(500, "InternalError", $"error executing command in container: {e.Message}");
        }
    }

    private ContainerSupervisor Container(string ns, string podName, string? name)
    {
        var pod = find(ns, podName) ?? throw new ApiStatusException(404, "NotFound", $"pod \"{podName}\" is not running on its node");
        var all = pod.Containers.ToList();
        if (name is not null)
            return all.Find(c => c.Name == name) ?? throw ApiErrors.BadRequest($"container {name} is not valid for pod {podName}");
        var containers = pod.Pod.Object("spec").Objects("containers").ToList();
        return containers.Count == 1
            ? all.First(c => c.Name == containers[0].Text("name"))
            : throw ApiErrors.BadRequest(
                $"a container name must be specified for pod {podName}, choose one of: [{string.Join(' ', all.Select(c => c.Name))}]");
    }
}
