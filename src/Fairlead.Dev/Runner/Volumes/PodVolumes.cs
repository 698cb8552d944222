using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;

namespace Fairlead.Dev.Runner.Volumes;

/// <summary>The volumes of one Pod as folders of this machine.</summary>
internal sealed class PodVolumes(JsonObject pod, PodDirectory directory, string claims, ClusterSources sources, TimeProvider time, PodAddress address)
{
    private readonly Dictionary<string, AtomicFolder> _folders = new(StringComparer.Ordinal);
    private readonly TokenSource _tokens = new(sources, time);

    /// <summary>When a token has to be renewed; null without tokens.</summary>
    public DateTimeOffset? RenewAt => _tokens.RenewAt;

    private IEnumerable<JsonObject> Volumes => pod.Object("spec").Objects("volumes");

    /// <summary>Whether a volume shows this object.</summary>
    /// <param name="plural"><c>secrets</c> or <c>configmaps</c>.</param>
    public bool Shows(string plural, string name)
    {
        var (member, key) = plural == "secrets" ? ("secret", "secretName") : ("configMap", "name");
        return Volumes.Any(v => v.Object(member).Text(key) == name
            || v.Object("projected").Objects("sources").Any(s => s.Object(member).Text("name") == name));
    }

    /// <summary>Makes all volumes, or brings them up to date.</summary>
    /// <param name="latest">The Pod with its present labels and annotations.</param>
    /// <exception cref="ContainerConfigurationException">Something that a volume needs is missing.</exception>
    public void Prepare(JsonObject latest)
    {
        var content = new VolumeContent(sources, _tokens);
        foreach (var volume in Volumes)
        {
            var name = volume.Text("name") ?? "";
            if (VolumeContent.IsContent(volume))
            {
                if (!_folders.TryGetValue(name, out var folder))
                    _folders[name] = folder = new AtomicFolder(directory.Volume(name), time);
                folder.Write(content.Files(latest, volume, address));
            }
            else
            {
                Directory.CreateDirectory(PathOf(volume));
            }
        }
    }

    /// <summary>The folder of a volume.</summary>
    /// <param name="isContent">Whether its files come from objects of the cluster.</param>
    public string Find(string name, out bool isContent)
    {
        var volume = Volumes.FirstOrDefault(v => v.Text("name") == name)
            ?? throw new ContainerConfigurationException($"volumeMounts name the volume \"{name}\", which the Pod does not have");
        isContent = VolumeContent.IsContent(volume);
        return isContent ? directory.Volume(name) : PathOf(volume);
    }

    private string PathOf(JsonObject volume)
    {
        var name = volume.Text("name") ?? "";
        if (volume["emptyDir"] is not null)
            return directory.Volume(name);
        if (volume.Object("hostPath") is { } host)
            return host.Text("path") ?? "/";
        if (volume.Object("persistentVolumeClaim").Text("claimName") is { } claim)
        {
            return sources.HasClaim(pod.Namespace(), claim)
                ? Path.Combine(claims, pod.Namespace(), claim)
                : throw new ContainerConfigurationException($"volume \"{name}\": persistentvolumeclaim \"{claim}\" not found");
        }

        var kind = volume.Select(member => member.Key).FirstOrDefault(key => key != "name") ?? "of unknown kind";
        throw new ContainerConfigurationException(
            $"volume \"{name}\": {kind} is not available to Pods that run as local processes; " +
            "use emptyDir, hostPath, persistentVolumeClaim, secret, configMap, downwardAPI or projected");
    }
}
