using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Environments;

namespace Fairlead.Dev.Runner.Volumes;

/// <summary>Works out the files of volumes that come from the cluster's objects.</summary>
internal sealed class VolumeContent(ClusterSources sources, TokenSource tokens)
{
    // 0644, the API's default.
    private const long DefaultMode = 420;

    public static bool IsContent(JsonObject volume) =>
        volume["secret"] is not null || volume["configMap"] is not null || volume["projected"] is not null || volume["downwardAPI"] is not null;

    /// <exception cref="ContainerConfigurationException">An object or key that must be there is not.</exception>
    public IReadOnlyList<VolumeFile> Files(JsonObject pod, JsonObject volume, PodAddress address)
    {
        var name = volume.Text("name") ?? "";
        var files = new SortedDictionary<string, VolumeFile>(StringComparer.Ordinal);
        if (volume.Object("projected") is { } projected)
        {
            foreach (var source in projected.Objects("sources"))
                Add(files, pod, source, projected, name, address);
        }
        else
        {
            Add(files, pod, volume, volume, name, address);
        }

        return [.. files.Values];
    }

    private void Add(
        SortedDictionary<string, VolumeFile> files, JsonObject pod, JsonObject source, JsonObject defaults, string volume, PodAddress address)
    {
        if (source.Object("secret") is { } secret)
            AddValues(files, pod, secret, "secrets", secret.Text("secretName") ?? secret.Text("name") ?? "", Mode(secret, defaults), volume);
        if (source.Object("configMap") is { } map)
            AddValues(files, pod, map, "configmaps", map.Text("name") ?? "", Mode(map, defaults), volume);
        if (source.Object("downwardAPI") is { } downward)
        {
            foreach (var item in downward.Objects("items"))
            {
                var value = FieldReferences.Value(pod, item.Object("fieldRef").Text("fieldPath") ?? "", address)
                    ?? throw new ContainerConfigurationException(
                        $"volume \"{volume}\": downwardAPI item \"{item.Text("path")}\" names no field that is known here; use fieldRef with a field of metadata");
                Put(files, item.Text("path") ?? "", Encoding.UTF8.GetBytes(value), item.Integer("mode") ?? Mode(downward, defaults));
            }
        }

        if (source.Object("serviceAccountToken") is { } token)
            Put(files, token.Text("path") ?? "token", Encoding.UTF8.GetBytes(tokens.Current(pod, token)), Mode(token, defaults));
        if (source["clusterTrustBundle"] is not null)
            throw new ContainerConfigurationException($"volume \"{volume}\": clusterTrustBundle sources are not available here");
    }

    private static long Mode(JsonObject source, JsonObject defaults) =>
        source.Integer("defaultMode") ?? defaults.Integer("defaultMode") ?? DefaultMode;

    private static void Put(SortedDictionary<string, VolumeFile> files, string path, byte[] content, long mode) =>
        files[path] = new VolumeFile(path, content, (UnixFileMode)(mode & 0x1FF));

    private void AddValues(
        SortedDictionary<string, VolumeFile> files, JsonObject pod, JsonObject source, string plural, string name, long mode, string volume)
    {
        var optional = source.Flag("optional") == true;
        var kind = plural == "secrets" ? "secret" : "configmap";
        if (sources.Values(plural, pod.Namespace(), name) is not { } values)
        {
            if (optional)
                return;
            throw new ContainerConfigurationException($"MountVolume.SetUp failed for volume \"{volume}\" : {kind} \"{name}\" not found");
        }

        if (source["items"] is null)
        {
            foreach (var (key, value) in values)
                Put(files, key, value, mode);
            return;
        }

        foreach (var item in source.Objects("items"))
        {
            var key = item.Text("key") ?? "";
            if (values.TryGetValue(key, out var value))
                Put(files, item.Text("path") ?? key, value, item.Integer("mode") ?? mode);
            else if (!optional)
                throw new ContainerConfigurationException($"MountVolume.SetUp failed for volume \"{volume}\" : {kind} \"{name}\" has no key \"{key}\"");
        }
    }
}
