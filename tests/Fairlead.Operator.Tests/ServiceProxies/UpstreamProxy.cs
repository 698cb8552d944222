using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.Tests.ServiceProxies;

/// <summary>An exposed Service with its proxy, as the upstream operator leaves them behind.</summary>
/// <param name="Parent">The user's Service.</param>
internal sealed record UpstreamProxy(Service Parent, TailnetDevice Device)
{
    /// <summary>Upstream does not apply but creates and updates, under this name.</summary>
    public const string FieldManager = "k8s-operator";

    private static readonly WriteOptions AsUpstream = new() { FieldManager = FieldManager };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<UpstreamProxy> CreateAsync(LifecycleWorld world, string name)
    {
        var parent = await world.CreateAsync(world.Web, name, ServiceAnnotations.Expose, "true");
        parent = await world.Services.UpdateAsync(
            parent with { Metadata = parent.Metadata with { Finalizers = [ServiceProxyPlan.Finalizer] } }, AsUpstream, Cancelled);
        var device = world.Tailnet.Devices.Register(new DeviceRegistration { Hostname = $"{world.Web}-{name}", Tags = ["tag:k8s"] });
        var labels = new Dictionary<string, string>
        {
            ["tailscale.com/managed"] = "true",
            ["tailscale.com/parent-resource-type"] = "svc",
            ["tailscale.com/parent-resource"] = name,
            ["tailscale.com/parent-resource-ns"] = world.Web,
        };
        var headless = await world.Services.CreateAsync(
            new Service
            {
                Metadata = new ObjectMeta { Namespace = world.OperatorNamespace, GenerateName = $"ts-{name}-", Labels = labels },
                Spec = new ServiceSpec { ClusterIP = "None", Selector = new Dictionary<string, string> { ["app"] = parent.Metadata.Uid! }, IpFamilyPolicy = "PreferDualStack" },
            },
            AsUpstream,
            Cancelled);
        await world.Client.For(KubernetesResources.Secrets).CreateAsync(
            new Secret
            {
                Metadata = new ObjectMeta { Namespace = world.OperatorNamespace, Name = $"{headless.Metadata.Name}-0", Labels = labels },
                Data = new Dictionary<string, byte[]>(LifecycleWorld.StateOf(device))
                {
                    ["cap-95.hujson"] = Encoding.UTF8.GetBytes(Config(world, device, "")),
                    ["cap-107.hujson"] = Encoding.UTF8.GetBytes(Config(world, device, "\"AppConnector\":{\"Advertise\":false},")),
                },
            },
            AsUpstream,
            Cancelled);
        var set = JsonSerializer.Deserialize(StatefulSet(world, parent, headless.Metadata.Name!), KubernetesResources.StatefulSets.Json)!;
        await world.Client.For(KubernetesResources.StatefulSets).CreateAsync(
            set with { Metadata = set.Metadata with { Labels = labels } }, AsUpstream, Cancelled);
        parent = await world.Services.UpdateAsync(
            parent with
            {
                Status = new ServiceStatus
                {
                    Conditions =
                    [
                        new Condition { Type = "TailscaleProxyReady", Status = "True", Reason = "ProxyCreated", Message = "ProxyCreated", LastTransitionTime = DateTimeOffset.UnixEpoch },
                    ],
                },
            },
            AsUpstream with { Subresource = "status" },
            Cancelled);
        return new UpstreamProxy(parent, device);
    }

    /// <summary>The members in another order than ours, which must make no difference.</summary>
    private static string Config(LifecycleWorld world, TailnetDevice device, string more) => $$"""
        {"Hostname":"{{device.Hostname}}","Version":"alpha0",{{more}}"Locked":false,"ServerURL":"{{world.Settings.LoginUrl}}","acceptDNS":false,"acceptRoutes":false,"NoStatefulFiltering":true}
        """;

    private static string StatefulSet(LifecycleWorld world, Service parent, string name) => $$$"""
        {
          "apiVersion": "apps/v1", "kind": "StatefulSet",
          "metadata": {"namespace": "{{{world.OperatorNamespace}}}", "name": "{{{name}}}"},
          "spec": {
            "replicas": 1, "serviceName": "{{{name}}}",
            "selector": {"matchLabels": {"app": "{{{parent.Metadata.Uid}}}"}},
            "template": {
              "metadata": {
                "deletionGracePeriodSeconds": 10,
                "annotations": {"tailscale.com/operator-last-set-cluster-ip": "{{{parent.Spec!.ClusterIP}}}"},
                "labels": {
                  "app": "{{{parent.Metadata.Uid}}}", "tailscale.com/managed": "true", "tailscale.com/parent-resource": "{{{parent.Metadata.Name}}}",
                  "tailscale.com/parent-resource-ns": "{{{parent.Metadata.Namespace}}}", "tailscale.com/parent-resource-type": "svc"
                }
              },
              "spec": {
                "serviceAccountName": "proxies",
                "initContainers": [{
                  "name": "sysctler", "image": "{{{world.Settings.ProxyImage}}}", "securityContext": {"privileged": true}, "command": ["/bin/sh", "-c"],
                  "args": ["echo 1 > /proc/sys/net/ipv4/ip_forward && if [ -e /proc/sys/net/ipv6/conf/all/forwarding ]; then echo 1 > /proc/sys/net/ipv6/conf/all/forwarding; fi"]
                }],
                "containers": [{
                  "name": "tailscale", "image": "{{{world.Settings.ProxyImage}}}", "imagePullPolicy": "Always", "securityContext": {"privileged": true},
                  "env": [
                    {"name": "TS_USERSPACE", "value": "false"},
                    {"name": "POD_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"} } },
                    {"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"} } },
                    {"name": "POD_UID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.uid"} } },
                    {"name": "TS_KUBE_SECRET", "value": "$(POD_NAME)"},
                    {"name": "TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT", "value": "false"},
                    {"name": "TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", "value": "/etc/tsconfig/$(POD_NAME)"},
                    {"name": "TS_DEBUG_ACME_FORCE_RENEWAL", "value": "true"},
                    {"name": "TS_DEBUG_FIREWALL_MODE", "value": "auto"},
                    {"name": "TS_DEST_IP", "value": "{{{parent.Spec.ClusterIP}}}"},
                    {"name": "TS_INTERNAL_APP", "value": "k8s-operator-ingress-proxy"}
                  ],
                  "resources": {"requests": {"cpu": "1m", "memory": "1Mi"} },
                  "volumeMounts": [{"name": "tailscaledconfig-0", "mountPath": "/etc/tsconfig/{{{name}}}-0", "readOnly": true}]
                }],
                "volumes": [{"name": "tailscaledconfig-0", "secret": {"secretName": "{{{name}}}-0"} }]
              }
            }
          }
        }
        """;
}
