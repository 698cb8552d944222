using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner.Volumes;

/// <summary>
/// Files that all change at one moment, laid out as a kubelet does: they are in a folder with the time in its name, the link
/// <c>..data</c> leads to it, and what readers open leads through <c>..data</c>. A change is a new folder and one rename.
/// </summary>
internal sealed class AtomicFolder(string path, TimeProvider time)
{
    private const string Data = "..data";
    private const string NewData = "..data_tmp";

    private IReadOnlyList<VolumeFile>? _current;
    private int _writes;

    /// <summary>Shows these files, and no others.</summary>
    public void Write(IReadOnlyList<VolumeFile> files)
    {
        if (_current is not null && AreSame(_current, files))
            return;
        Directory.CreateDirectory(path);
        var name = string.Create(CultureInfo.InvariantCulture, $"..{time.GetUtcNow().UtcDateTime:yyyy_MM_dd_HH_mm_ss}.{_writes++}");
        foreach (var file in files)
            WriteFile(Path.Combine(path, name, file.Path), file);
        Directory.CreateDirectory(Path.Combine(path, name));

        var data = Path.Combine(path, Data);
        var former = new DirectoryInfo(data).LinkTarget;
        var link = Path.Combine(path, NewData);
        File.Delete(link);
        Directory.CreateSymbolicLink(link, name);
        if (LibC.Rename(link, data) != 0)
            throw new IOException($"{link}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

        Show(files);
        if (former is not null)
            Directory.Delete(Path.Combine(path, former), recursive: true);
        _current = files;
    }

    private static bool AreSame(IReadOnlyList<VolumeFile> before, IReadOnlyList<VolumeFile> after) =>
        before.Count == after.Count &&
        before.Zip(after).All(p => p.First.Path == p.Second.Path && p.First.Mode == p.Second.Mode && p.First.Content.AsSpan().SequenceEqual(p.Second.Content));

    private static void WriteFile(string target, VolumeFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.WriteAllBytes(target, file.Content);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(target, file.Mode);
    }

    /// <summary>A link for each first part of a path, once what it leads to is there; links without a target go.</summary>
    private void Show(IReadOnlyList<VolumeFile> files)
    {
        var shown = files.Select(file => file.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in shown)
        {
            var link = new FileInfo(Path.Combine(path, name));
            if (link.LinkTarget is null)
                File.CreateSymbolicLink(link.FullName, Path.Combine(Data, name));
        }

        foreach (var name in Directory.EnumerateFileSystemEntries(path).Select(entry => Path.GetFileName(entry)))
        {
            if (!name.StartsWith("..", StringComparison.Ordinal) && !shown.Contains(name))
                File.Delete(Path.Combine(path, name));
        }
    }
}
