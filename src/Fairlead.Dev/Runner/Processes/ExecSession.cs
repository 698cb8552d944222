using Fairlead.Dev.Cluster.Nodes;

namespace Fairlead.Dev.Runner.Processes;

/// <summary>A command beside a container's own processes.</summary>
internal sealed class ExecSession(ProcessGroup process) : IExecSession
{
    public Stream Input => process.Input;

    public Stream Output => process.Output;

    public Stream Error => process.Error;

    public Task<int> WaitAsync(CancellationToken cancellationToken) => process.WaitAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        process.KillAll();
        await process.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        process.Dispose();
    }
}
