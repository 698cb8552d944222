namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>A command that runs in a container; disposing of it ends it.</summary>
public interface IExecSession : IAsyncDisposable
{
    /// <summary>What the command reads.</summary>
    Stream Input { get; }

    Stream Output { get; }

    Stream Error { get; }

    /// <summary>Waits until the command has ended.</summary>
    /// <returns>Its exit code; 128 and the signal's number when a signal ended it.</returns>
    Task<int> WaitAsync(CancellationToken cancellationToken);
}
