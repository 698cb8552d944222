namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>Who runs the Pods of a node, as the API server asks it. Refusals are <see cref="Api.ApiStatusException"/>.</summary>
public interface INodeKeeper
{
    /// <summary>
    /// Gives a container's log, piece by piece. The container is looked up when this is called, the log read as it is enumerated;
    /// with <see cref="PodLogRequest.Follow"/> until the container has ended.
    /// </summary>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLog(PodLogRequest request, CancellationToken cancellationToken);

    /// <summary>Starts a command in a running container.</summary>
    Task<IExecSession> ExecuteAsync(PodExecRequest request, CancellationToken cancellationToken);
}
