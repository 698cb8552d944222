namespace Fairlead.Dev.Runner.Probes;

/// <summary>Waits: for hooks that hold up the end of a container.</summary>
internal sealed class SleepAction(TimeSpan duration, TimeProvider time) : IContainerAction
{
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(duration, time, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
