using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.Proxies;

/// <summary>The steps that make or repair the objects of a standalone proxy: headless Service, Secrets, StatefulSet, metrics Service.</summary>
internal static class ProxyProvisioning
{
    public static ImmutableArray<PlanStep> Plan(ProxySpec proxy, ProxyChildren children, OperatorSettings settings)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>(4);
        var key = new ObjectKey(settings.Namespace, proxy.Name);
        steps.Add(new ApplyStep<Service>(
            KubernetesResources.Services, key, _ => ProxyHeadlessService.Build(proxy, settings), children.HeadlessServices.SingleOrDefault())
        {
            ExclusivePaths = ["/spec"],
        });
        for (var ordinal = 0; ordinal < proxy.Hostnames.Length; ordinal++)
        {
            AddSecret(steps, proxy, ordinal, children, settings);
        }

        // Before the StatefulSet scales, as upstream does: afterwards only the Secret would tell which device was the replica's.
        steps.AddRange(ProxyCleanup.Forget([.. children.Secrets.Where(secret => IsSurplus(secret, proxy))], proxy.Tailnet));
        steps.Add(new ApplyStep<StatefulSet>(
            KubernetesResources.StatefulSets, key, _ => Shaped(ProxyStatefulSet.Build(proxy, settings), proxy, settings), children.StatefulSets.SingleOrDefault())
        {
            ExclusivePaths = ["/metadata/labels", "/metadata/annotations", "/spec"],
        });
        AddMetricsService(steps, proxy, children, settings);
        return steps.ToImmutable();
    }

    private static StatefulSet Shaped(StatefulSet plain, ProxySpec proxy, OperatorSettings settings) => proxy.Class is { } shape
        ? ProxyClassOverlay.Apply(plain, shape, new OverlayContext
        {
            ServesMetrics = proxy.ServesMetrics,
            ServesDebug = proxy.ServesMetrics && settings.ProxyEngine == ProxyEngine.Tailscaled,
            ServesHttps = proxy.ServeConfig is not null,
        })
        : plain;

    private static void AddMetricsService(
        ImmutableArray<PlanStep>.Builder steps, ProxySpec proxy, ProxyChildren children, OperatorSettings settings)
    {
        if (!ProxyMetricsService.IsWanted(proxy))
        {
            steps.AddRange(children.MetricsServices.Select(service => new DeleteStep<Service>(KubernetesResources.Services, service)));
            return;
        }

        var target = new ObjectKey(settings.Namespace, ProxyMetricsService.NameFor(proxy.Name));
        var observed = children.MetricsServices.FirstOrDefault(service => service.Metadata.Name == target.Name);
        steps.Add(new ApplyStep<Service>(KubernetesResources.Services, target, _ => ProxyMetricsService.Build(proxy, settings), observed)
        {
            ExclusivePaths = ["/spec/ports", "/spec/selector"],
        });
    }

    private static void AddSecret(
        ImmutableArray<PlanStep>.Builder steps, ProxySpec proxy, int ordinal, ProxyChildren children, OperatorSettings settings)
    {
        var target = new ObjectKey(settings.Namespace, ProxyNames.Replica(proxy.Name, ordinal));
        var observed = children.Secrets.FirstOrDefault(secret => secret.Metadata.Name == target.Name);
        var config = new TailscaledConfig
        {
            Hostname = proxy.Hostnames[ordinal],
            ServerUrl = proxy.LoginUrl,
            AcceptRoutes = proxy.Class?.Spec?.Tailscale?.AcceptRoutes == true,
            AdvertiseRoutes = proxy.AdvertiseRoutes,
            IsAppConnector = proxy.IsAppConnector,
        };
        var provision = new AuthKeyProvision
        {
            Store = target,
            Observed = observed,
            Tags = proxy.Tags,
            Tailnet = proxy.Tailnet,
            Content = key => Secret(target, proxy, config with { AuthKey = key }, observed),
            Read = StoredConfig.AuthKey,
        };

        // Standalone proxies have no way to ask for another key.
        steps.AddRange(provision.Plan(AuthKeyDecision.WithoutReissue(new ReplicaKey
        {
            Store = target,
            IsStored = observed is not null,
            DeviceId = observed is null ? null : ProxyDevice.IdOf(observed),
        })));
    }

    /// <summary>Whether a Secret is that of a replica beyond those wanted.</summary>
    private static bool IsSurplus(Secret secret, ProxySpec proxy) =>
        ProxyNames.OrdinalOf(secret.Metadata.Name ?? "", proxy.Name) is { } ordinal && ordinal >= proxy.Hostnames.Length;

    private static Secret Secret(ObjectKey key, ProxySpec proxy, TailscaledConfig config, Secret? observed)
    {
        var data = TailscaledConfig.CapabilityVersions.ToDictionary(
            TailscaledConfig.FileName, version => Stored(TailscaledConfig.FileName(version), config.ToJson(version), observed), StringComparer.Ordinal);
        if (proxy.ServeConfig is { } served)
        {
            data[ServeConfig.Key] = Stored(ServeConfig.Key, served, observed);
        }

        return new()
        {
            ApiVersion = KubernetesResources.Secrets.ApiVersion,
            Kind = KubernetesResources.Secrets.Kind,
            Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace, Labels = ProxyLabels.For(proxy.Parent) },
            Data = data,
        };
    }

    /// <summary>What is wanted, or what is there if it says the same.</summary>
    private static byte[] Stored(string file, byte[] wanted, Secret? observed) =>
        observed?.Data is { } data && data.TryGetValue(file, out var stored) && StoredConfig.SameContent(stored, wanted) ? stored : wanted;
}
