using System.Collections.Immutable;
using System.Globalization;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>The StatefulSet of a standalone proxy. Its Pods' privileges are those of the engine and of what is forwarded.</summary>
internal static class ProxyStatefulSet
{
    /// <summary>Value of <c>deletionGracePeriodSeconds</c> in the template; Kubernetes ignores it there, take-over needs it equal.</summary>
    private const long TemplateGraceSeconds = 10;

    private static readonly EnvVar ClusterTraffic = new() { Name = "EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS", Value = "true" };

    public static StatefulSet Build(ProxySpec proxy, OperatorSettings settings)
    {
        var labels = ProxyLabels.For(proxy.Parent);
        var selector = new Dictionary<string, string> { [ProxyLabels.App] = proxy.ParentUid };
        return new StatefulSet
        {
            ApiVersion = KubernetesResources.StatefulSets.ApiVersion,
            Kind = KubernetesResources.StatefulSets.Kind,
            Metadata = new ObjectMeta { Name = proxy.Name, Namespace = settings.Namespace, Labels = labels },
            Spec = new StatefulSetSpec
            {
                Replicas = proxy.Hostnames.Length,
                ServiceName = proxy.Name,
                Selector = new LabelSelector { MatchLabels = selector },
                Template = new PodTemplateSpec
                {
                    Metadata = new ObjectMeta
                    {
                        Labels = labels.Add(ProxyLabels.App, proxy.ParentUid),
                        Annotations = proxy.Target.Annotation is { } annotation ? new Dictionary<string, string> { [annotation] = proxy.Target.Value } : null,
                        DeletionGracePeriodSeconds = TemplateGraceSeconds,
                    },
                    Spec = Pod(proxy, settings),
                },
            },
        };
    }

    private static PodSpec Pod(ProxySpec proxy, OperatorSettings settings)
    {
        // Every Pod mounts the files of all replicas and finds its own by its name.
        ImmutableArray<string> replicas = [.. Enumerable.Range(0, proxy.Hostnames.Length).Select(ordinal => ProxyNames.Replica(proxy.Name, ordinal))];
        var pod = new PodSpec
        {
            ServiceAccountName = "proxies",
            PriorityClassName = settings.ProxyPriorityClassName.Length == 0 ? null : settings.ProxyPriorityClassName,
            Containers =
            [
                new Container
                {
                    Name = ContainerOverlay.ProxyContainer,
                    Image = settings.ProxyImage,
                    Env = [.. settings.ProxyEngine == ProxyEngine.Managed ? ManagedEnvironment(proxy) : Environment(proxy, settings)],
                    Resources = new ResourceRequirements
                    {
                        Requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("1m"), ["memory"] = Quantity.Parse("1Mi") },
                    },
                    VolumeMounts = replicas.IsEmpty ? null : [.. replicas.SelectMany((replica, ordinal) => Mounts(proxy, replica, ordinal))],
                },
            ],
            Volumes = replicas.IsEmpty ? null : [.. replicas.SelectMany((replica, ordinal) => Volumes(proxy, replica, ordinal))],
        };
        return settings.ProxyEngine == ProxyEngine.Managed ? UnprivilegedPod.Of(pod, proxy, "proxy")
            : proxy.IsUserspace ? UserspacePod.Of(pod)
            : PrivilegedPod.Of(pod, settings);
    }

    private static IEnumerable<VolumeMount> Mounts(ProxySpec proxy, string replica, int ordinal)
    {
        yield return new VolumeMount { Name = ConfigVolume(ordinal), MountPath = $"/etc/tsconfig/{replica}", ReadOnly = true };
        if (proxy.ServeConfig is not null)
        {
            yield return new VolumeMount { Name = ServeVolume(ordinal), MountPath = $"{ServeConfig.Folder}/{replica}", ReadOnly = true };
        }
    }

    private static IEnumerable<Volume> Volumes(ProxySpec proxy, string replica, int ordinal)
    {
        yield return new Volume { Name = ConfigVolume(ordinal), Secret = new SecretVolumeSource { SecretName = replica } };
        if (proxy.ServeConfig is not null)
        {
            yield return new Volume
            {
                Name = ServeVolume(ordinal),
                Secret = new SecretVolumeSource { SecretName = replica, Items = [new KeyToPath { Key = ServeConfig.Key, Path = ServeConfig.Key }] },
            };
        }
    }

    private static string ConfigVolume(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"tailscaledconfig-{ordinal}");

    private static string ServeVolume(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"serve-config-{ordinal}");

    /// <summary>The order is part of the contract: a different one would restart every proxy at take-over.</summary>
    private static IEnumerable<EnvVar> Environment(ProxySpec proxy, OperatorSettings settings)
    {
        yield return new EnvVar { Name = "TS_USERSPACE", Value = proxy.IsUserspace ? "true" : "false" };
        yield return FromField("POD_IP", "status.podIP");
        yield return FromField("POD_NAME", "metadata.name");
        yield return FromField("POD_UID", "metadata.uid");
        yield return new EnvVar { Name = "TS_KUBE_SECRET", Value = "$(POD_NAME)" };
        yield return new EnvVar { Name = "TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT", Value = "false" };
        yield return new EnvVar { Name = "TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", Value = "/etc/tsconfig/$(POD_NAME)" };
        yield return new EnvVar { Name = "TS_DEBUG_ACME_FORCE_RENEWAL", Value = "true" };
        if (proxy.ServesCluster)
        {
            yield return ClusterTraffic;
        }

        if (settings.ProxyFirewallMode.Length > 0)
        {
            yield return new EnvVar { Name = "TS_DEBUG_FIREWALL_MODE", Value = settings.ProxyFirewallMode };
        }

        if (proxy.Target.EnvironmentVariable is { } variable)
        {
            yield return new EnvVar { Name = variable, Value = proxy.Target.Value };
        }

        yield return new EnvVar { Name = "TS_INTERNAL_APP", Value = proxy.Target.App };
    }

    /// <summary>What the managed engine reads of the contract, and what is its own.</summary>
    private static IEnumerable<EnvVar> ManagedEnvironment(ProxySpec proxy)
    {
        yield return FromField("POD_IP", "status.podIP");
        yield return FromField("POD_IPS", "status.podIPs");
        yield return FromField("POD_NAME", "metadata.name");
        yield return FromField("POD_UID", "metadata.uid");
        yield return new EnvVar { Name = "TS_KUBE_SECRET", Value = "$(POD_NAME)" };
        yield return new EnvVar { Name = "TS_EXPERIMENTAL_SERVICE_AUTO_ADVERTISEMENT", Value = "false" };
        yield return new EnvVar { Name = "TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", Value = "/etc/tsconfig/$(POD_NAME)" };
        if (proxy.ServesCluster)
        {
            yield return ClusterTraffic;
        }

        if (proxy.Target.EnvironmentVariable is { } variable)
        {
            yield return new EnvVar { Name = variable, Value = proxy.Target.Value };
        }

        yield return new EnvVar { Name = "TS_INTERNAL_APP", Value = proxy.Target.App };
        yield return new EnvVar { Name = "FAIRLEAD_PROXY_ENGINE", Value = "managed" };

        // The program is compiled ahead of time and has tiers switched off, which suits what writes and waits. What a proxy does for each
        // packet is worth compiling once more; and as nothing in it blocks, more workers than processors, which the thread pool tries out
        // from time to time, only add switches between them. About a fifth less processor time for each exchange (docs/benchmarks.md).
        yield return new EnvVar { Name = "DOTNET_TieredCompilation", Value = "1" };
        yield return new EnvVar { Name = "DOTNET_HillClimbing_Disable", Value = "1" };
        if (proxy.Target.IsEgress)
        {
            yield return new EnvVar { Name = "FAIRLEAD_EGRESS_PORTS", Value = string.Join(',', proxy.EgressPorts) };
        }
    }

    private static EnvVar FromField(string name, string path) =>
        new() { Name = name, ValueFrom = new EnvVarSource { FieldRef = new ObjectFieldSelector { FieldPath = path } } };
}
