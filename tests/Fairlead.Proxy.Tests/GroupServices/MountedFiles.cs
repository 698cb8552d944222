using System.Runtime.InteropServices;

namespace Fairlead.Proxy.Tests.GroupServices;

/// <summary>A folder that changes as one that a kubelet mounts: as a whole, by turning the link <c>..data</c>.</summary>
internal sealed partial class MountedFiles : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fairlead-mount-");
    private int _version;

    public MountedFiles(params (string Name, string Content)[] files) => Replace(files);

    public string Path => _folder.FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Replace(params (string Name, string Content)[] files)
    {
        var version = _folder.CreateSubdirectory($"..version{++_version}");
        foreach (var (name, content) in files)
        {
            File.WriteAllText(System.IO.Path.Combine(version.FullName, name), content);
            if (!File.Exists(PathOf(name)))
            {
                File.CreateSymbolicLink(PathOf(name), System.IO.Path.Combine("..data", name));
            }
        }

        Directory.CreateSymbolicLink(PathOf("..data_tmp"), version.Name);
        Assert.Equal(0, Rename(PathOf("..data_tmp"), PathOf("..data")));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>.NET replaces no link to a folder.</summary>
    [LibraryImport("libc", EntryPoint = "rename", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);
}
