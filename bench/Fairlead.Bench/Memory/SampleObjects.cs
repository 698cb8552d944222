using System.Globalization;
using System.Text;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Bench.Memory;

/// <summary>Objects as they stand in a cluster after the operator has dealt with them and the proxy runs.</summary>
internal static class SampleObjects
{
    /// <summary>Size of a node's state in its Secret: keys, preferences, a netmap cache, a certificate.</summary>
    private const int NodeStateBytes = 3000;

    public static Service Service(int i, string ns) => new()
    {
        ApiVersion = "v1",
        Kind = "Service",
        Metadata = new ObjectMeta
        {
            Name = Name(i),
            Namespace = ns,
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = Name(i), ["app.kubernetes.io/part-of"] = "shop" },
            Annotations = new Dictionary<string, string> { ["tailscale.com/expose"] = "true", ["tailscale.com/hostname"] = $"shop-{i}" },
            Finalizers = ["tailscale.com/finalizer"],
        },
        Spec = new ServiceSpec
        {
            Selector = new Dictionary<string, string> { ["app.kubernetes.io/name"] = Name(i) },
            Ports =
            [
                new ServicePort { Name = "http", Port = 80, TargetPort = 8080 },
                new ServicePort { Name = "https", Port = 443, TargetPort = 8443 },
            ],
        },
    };

    /// <summary>The Service's status, which is written apart.</summary>
    public static ServiceStatus Status(DateTimeOffset now) => new()
    {
        Conditions =
        [
            new Condition { Type = "TailscaleProxyReady", Status = "True", Reason = "ProxyCreated", Message = "ProxyCreated", LastTransitionTime = now },
            new Condition { Type = "TailscaleProxyRunning", Status = "True", Reason = "Running", Message = "the proxy is connected to the tailnet", LastTransitionTime = now },
        ],
    };

    public static Secret Secret(int i, string ns) => new()
    {
        ApiVersion = "v1",
        Kind = "Secret",
        Metadata = new ObjectMeta
        {
            Name = $"ts-{Name(i)}-{i:x5}-0",
            Namespace = ns,
            Labels = new Dictionary<string, string>
            {
                ["tailscale.com/managed"] = "true",
                ["tailscale.com/parent-resource"] = Name(i),
                ["tailscale.com/parent-resource-ns"] = "shop",
                ["tailscale.com/parent-resource-type"] = "svc",
            },
        },
        Data = new Dictionary<string, byte[]>
        {
            ["cap-95.hujson"] = Config(i, ""),
            ["cap-107.hujson"] = Config(i, "\"AppConnector\":{\"Advertise\":false},"),
            ["device_id"] = Utf8($"n{i:x8}CNTRL"),
            ["device_fqdn"] = Utf8($"shop-{i}.tail1234.ts.net."),
            ["device_ips"] = Utf8($"[\"100.64.{i / 250}.{i % 250}\",\"fd7a:115c:a1e0::{i:x}\"]"),
            ["pod_uid"] = Utf8(new Guid(i, 1, 2, [3, 4, 5, 6, 7, 8, 9, 10]).ToString()),
            ["tailscale_capver"] = Utf8("120"),
            ["_current-profile"] = Utf8("profile-1234"),
            ["_machinekey"] = Utf8("privkey:" + new string('0', 64)),
            ["profile-1234"] = Utf8(new string('x', NodeStateBytes)),
        },
    };

    private static string Name(int i) => "shop-" + i.ToString("00000", CultureInfo.InvariantCulture);

    private static byte[] Config(int i, string extra) => Utf8(
        "{\"Version\":\"alpha0\",\"Locked\":false,\"ServerURL\":\"https://controlplane.tailscale.com\","
        + $"\"Hostname\":\"shop-{i}\",\"acceptDNS\":false,\"acceptRoutes\":false,{extra}\"NoStatefulFiltering\":true}}");

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
