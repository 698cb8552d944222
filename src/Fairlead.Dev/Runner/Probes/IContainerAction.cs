namespace Fairlead.Dev.Runner.Probes;

/// <summary>Something done to a running container: a probe or a lifecycle hook.</summary>
internal interface IContainerAction
{
    /// <returns>Null for success, otherwise what went wrong.</returns>
    Task<string?> RunAsync(CancellationToken cancellationToken);
}
