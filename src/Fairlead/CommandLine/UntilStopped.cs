namespace Fairlead.CommandLine;

/// <summary>For verbs that serve until they are told to stop, which is how they end well.</summary>
internal static class UntilStopped
{
    public static async Task WaitAsync(CancellationToken stopping)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stopping.Register(stopped.SetResult))
        {
            await stopped.Task.ConfigureAwait(false);
        }
    }
}
