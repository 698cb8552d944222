using System.Text.Json.Nodes;
using Fairlead.DevEnvironments;

namespace Fairlead.EndToEnd.Tests.Traffic;

/// <summary>A proxy's Pod as people write them who use upstream's image without the operator.</summary>
internal static class UpstreamPod
{
    /// <summary>Where the Pod finds its files.</summary>
    public const string Mount = "/etc/proxy";

    /// <summary>Creates the Pod, and a ConfigMap of the same name that is mounted in it.</summary>
    /// <param name="name">Also the device's.</param>
    public static void Create(
        TrafficEnvironment environment, string name, IReadOnlyDictionary<string, string> files, params IEnumerable<(string Name, string Value)> variables)
    {
        environment.Api.Create("", "configmaps", TrafficEnvironment.ProxyNamespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["data"] = Data(files),
        });
        IEnumerable<(string Name, string Value)> all =
        [
            ("TS_AUTHKEY", environment.Parts.Tailnet.Keys.Create(["tag:k8s"], ephemeral: true).Secret!),
            ("TS_HOSTNAME", name),
            ("TS_EXTRA_ARGS", $"--login-server={environment.Parts.Settings.LoginServer}"),
            ("TS_KUBE_SECRET", ""),
            .. variables,
        ];
        environment.Api.Create("", "pods", TrafficEnvironment.ProxyNamespace, new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = name },
            ["spec"] = new JsonObject
            {
                ["serviceAccountName"] = "proxies",
                ["containers"] = new JsonArray(new JsonObject
                {
                    ["name"] = "tailscale",
                    ["image"] = DevImages.UpstreamProxy,
                    ["env"] = new JsonArray([.. all.Select(variable => new JsonObject { ["name"] = variable.Name, ["value"] = variable.Value })]),
                    ["volumeMounts"] = new JsonArray(new JsonObject { ["name"] = "files", ["mountPath"] = Mount }),
                }),
                ["volumes"] = new JsonArray(new JsonObject { ["name"] = "files", ["configMap"] = new JsonObject { ["name"] = name } }),
            },
        });
    }

    /// <summary>Changes the files in the cluster; the running Pod is to see them.</summary>
    public static void Replace(TrafficEnvironment environment, string name, IReadOnlyDictionary<string, string> files)
    {
        var map = environment.Api.Get("", "configmaps", TrafficEnvironment.ProxyNamespace, name)!;
        map["data"] = Data(files);
        environment.Api.Update("", "configmaps", TrafficEnvironment.ProxyNamespace, map);
    }

    /// <summary>The Pod's status of its one container, with its restarts.</summary>
    public static JsonNode Container(TrafficEnvironment environment, string name) =>
        environment.Api.Get("", "pods", TrafficEnvironment.ProxyNamespace, name)!["status"]!["containerStatuses"]![0]!;

    private static JsonObject Data(IReadOnlyDictionary<string, string> files) =>
        new(files.Select(file => KeyValuePair.Create(file.Key, (JsonNode?)file.Value)));
}
