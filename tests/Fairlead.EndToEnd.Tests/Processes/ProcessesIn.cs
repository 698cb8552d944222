namespace Fairlead.EndToEnd.Tests.Processes;

/// <summary>Processes whose working directory lies in a folder, as that of a Pod's does.</summary>
internal static class ProcessesIn
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public static int Count(string folder) => Directory.EnumerateDirectories("/proc").Count(process => IsIn(process, folder));

    /// <summary>Waits until none is left.</summary>
    public static async Task NoneAsync(string folder)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (Count(folder) > 0)
        {
            await Task.Delay(Look, limit.Token);
        }
    }

    private static bool IsIn(string process, string folder)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(process, "cwd")).LinkTarget?.StartsWith(folder + "/", StringComparison.Ordinal) == true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is somebody else's.
            return false;
        }
    }
}
