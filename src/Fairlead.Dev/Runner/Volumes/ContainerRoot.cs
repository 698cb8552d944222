using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Environments;

namespace Fairlead.Dev.Runner.Volumes;

/// <summary>
/// The folder in which a container finds its volumes, at the paths it mounts them; the process is told the folder in a variable
/// and puts it before the paths. Mounts in a user namespace are no substitute: distributions and container runtimes often forbid
/// them, and even where they are allowed, a path that the machine does not have cannot be mounted on without a new root file system.
/// </summary>
internal static class ContainerRoot
{
    /// <summary>Makes the folder anew: what an earlier run of the container wrote outside its volumes is gone.</summary>
    /// <exception cref="ContainerConfigurationException">A mount cannot be had.</exception>
    public static void Prepare(string root, JsonObject container, PodVolumes volumes, IReadOnlyDictionary<string, string> environment)
    {
        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);
        Directory.CreateDirectory(Path.Combine(root, "tmp"));
        var mounts = container.Objects("volumeMounts").OrderBy(m => m.Text("mountPath"), StringComparer.Ordinal).ToList();
        foreach (var mount in mounts)
            Mount(root, mount, volumes, environment);
        var message = Inside(root, container.Text("terminationMessagePath") ?? "/dev/termination-log");
        Directory.CreateDirectory(Path.GetDirectoryName(message)!);
        File.WriteAllBytes(message, []);
    }

    /// <summary>A path of the container as one of this machine.</summary>
    public static string Inside(string root, string path) => Path.Combine(root, path.TrimStart('/'));

    private static void Mount(string root, JsonObject mount, PodVolumes volumes, IReadOnlyDictionary<string, string> environment)
    {
        var path = (mount.Text("mountPath") ?? "").TrimEnd('/');
        var target = volumes.Find(mount.Text("name") ?? "", out var isContent);
        var subPath = mount.Text("subPath") ?? VariableExpansion.Expand(mount.Text("subPathExpr") ?? "", environment);
        if (path.Length == 0 || path.Split('/').Contains(".."))
            throw new ContainerConfigurationException($"volumeMounts: mountPath \"{mount.Text("mountPath")}\" is no place for a volume here; name a folder below /");

        var place = Inside(root, path);
        CheckParents(root, path);
        if (Directory.Exists(place))
            Directory.Delete(place);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        if (subPath.Length == 0)
            File.CreateSymbolicLink(place, target);
        else if (isContent)
            Copy(Path.Combine(target, subPath), place);
        else
            Link(Path.Combine(target, subPath), place);
    }

    /// <summary>A mount inside another volume would have to change that volume.</summary>
    private static void CheckParents(string root, string path)
    {
        for (var parent = Path.GetDirectoryName(path.TrimStart('/')); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            if (new DirectoryInfo(Path.Combine(root, parent)).LinkTarget is not null)
            {
                throw new ContainerConfigurationException(
                    $"volumeMounts: {path} lies in /{parent}, where another volume is mounted; Pods that run as local processes cannot nest volumes");
            }
        }
    }

    private static void Link(string target, string place)
    {
        // As a kubelet does: a subPath that is not there yet becomes a folder.
        if (!File.Exists(target))
            Directory.CreateDirectory(target);
        File.CreateSymbolicLink(place, target);
    }

    /// <summary>Parts of such volumes do not follow changes, as under a kubelet.</summary>
    private static void Copy(string source, string place)
    {
        if (File.Exists(source))
        {
            File.Copy(source, place);
            return;
        }

        Directory.CreateDirectory(place);
        if (!Directory.Exists(source))
            return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(source))
            Copy(entry, Path.Combine(place, Path.GetFileName(entry)));
    }
}
