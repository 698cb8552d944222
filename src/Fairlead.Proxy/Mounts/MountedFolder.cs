using System.Runtime.CompilerServices;

namespace Fairlead.Proxy.Mounts;

/// <summary>
/// A folder whose files someone else replaces: a mounted Secret or ConfigMap, which the kubelet changes as a whole by turning the link
/// <c>..data</c>. Looked at when the system tells of a change, and every 5 s where it does not.
/// </summary>
internal sealed class MountedFolder(string path, TimeProvider time)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(5);

    public string Path { get; } = path;

    /// <summary>The folder that a file lies in.</summary>
    public static MountedFolder Of(string file, TimeProvider time) =>
        new(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file))!, time);

    /// <summary>Yields at once, and then whenever the folder may have changed; the caller compares.</summary>
    public async IAsyncEnumerable<bool> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var changed = new SemaphoreSlim(0);
        using var watcher = TryWatch(changed);
        while (true)
        {
            yield return true;
            using var poll = new CancellationTokenSource(PollInterval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, poll.Token);
            try
            {
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Time to look without having been told.
            }

            while (changed.CurrentCount > 0 && changed.Wait(0, CancellationToken.None))
            {
                // Several events of one change need one look.
            }
        }
    }

    /// <summary>A file's bytes; null while there is none.</summary>
    public static byte[]? TryRead(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private FileSystemWatcher? TryWatch(SemaphoreSlim changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path) { NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite };
            watcher.Created += Note;
            watcher.Changed += Note;
            watcher.Renamed += Note;
            watcher.Deleted += Note;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // No folder yet, or no watches left on this machine: polling does.
            return null;
        }

        void Note(object sender, FileSystemEventArgs e)
        {
            try
            {
                changed.Release();
            }
            catch (ObjectDisposedException)
            {
                // An event that was under way when watching ended.
            }
        }
    }
}
