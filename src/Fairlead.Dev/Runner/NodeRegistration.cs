using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;

namespace Fairlead.Dev.Runner;

/// <summary>The Node object.</summary>
internal static class NodeRegistration
{
    // What a kubelet allows by default.
    private const string MaxPods = "110";

    public static JsonObject Labels(string name) => new()
    {
        ["kubernetes.io/hostname"] = name,
        ["kubernetes.io/os"] = "linux",
        ["kubernetes.io/arch"] = Architecture,
    };

    private static string Architecture => RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static void Register(IClusterApi api, string name, IPAddress address, DateTimeOffset now)
    {
        var stamp = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var capacity = new JsonObject
        {
            ["cpu"] = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture),
            ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024}Ki"),
            ["pods"] = MaxPods,
        };
        var node = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = Labels(name) },
            ["status"] = new JsonObject
            {
                ["capacity"] = capacity,
                ["allocatable"] = capacity.DeepClone(),
                ["addresses"] = new JsonArray(
                    new JsonObject { ["type"] = "InternalIP", ["address"] = address.ToString() },
                    new JsonObject { ["type"] = "Hostname", ["address"] = name }),
                ["conditions"] = new JsonArray((JsonNode)new JsonObject
                {
                    ["type"] = "Ready",
                    ["status"] = "True",
                    ["reason"] = "RunnerReady",
                    ["message"] = "Pods run as processes of this machine",
                    ["lastHeartbeatTime"] = stamp,
                    ["lastTransitionTime"] = stamp,
                }),
                ["nodeInfo"] = new JsonObject
                {
                    ["architecture"] = Architecture,
                    ["operatingSystem"] = "linux",
                    ["osImage"] = RuntimeInformation.OSDescription,
                    ["kernelVersion"] = Environment.OSVersion.Version.ToString(),
                    ["containerRuntimeVersion"] = "process://1",
                    ["kubeletVersion"] = "fairlead-runner",
                    ["kubeProxyVersion"] = "",
                    ["bootID"] = "",
                    ["machineID"] = "",
                    ["systemUUID"] = "",
                },
            },
        };
        api.Delete("", "nodes", null, name);
        var created = api.Create("", "nodes", null, node);
        if (created["status"]?["conditions"] is null)
        {
            created["status"] = node["status"]!.DeepClone();
            api.Update("", "nodes", null, created, "status");
        }
    }
}
