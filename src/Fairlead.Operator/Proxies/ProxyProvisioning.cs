using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Identity;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Proxies;

/// <summary>The steps that make or repair the objects of a standalone proxy: headless Service, Secret, StatefulSet.</summary>
internal static class ProxyProvisioning
{
    private const string AuthKeySlot = "auth key";

    public static ImmutableArray<PlanStep> Plan(ProxySpec proxy, ProxyChildren children, OperatorSettings settings)
    {
        var steps = ImmutableArray.CreateBuilder<PlanStep>(4);
        var key = new ObjectKey(settings.Namespace, proxy.Name);
        steps.Add(new ApplyStep<Service>(
            KubernetesResources.Services, key, _ => ProxyHeadlessService.Build(proxy, settings), children.HeadlessServices.SingleOrDefault())
        {
            ExclusivePaths = ["/spec"],
        });
        AddSecret(steps, proxy, children, settings);
        steps.Add(new ApplyStep<StatefulSet>(
            KubernetesResources.StatefulSets, key, _ => ProxyStatefulSet.Build(proxy, settings), children.StatefulSets.SingleOrDefault())
        {
            ExclusivePaths = ["/metadata/labels", "/metadata/annotations", "/spec"],
        });
        return steps.ToImmutable();
    }

    private static void AddSecret(
        ImmutableArray<PlanStep>.Builder steps, ProxySpec proxy, ProxyChildren children, OperatorSettings settings)
    {
        var target = new ObjectKey(settings.Namespace, ProxyNames.Replica(proxy.Name, 0));
        var observed = children.Secrets.FirstOrDefault(secret => secret.Metadata.Name == target.Name);
        var config = new TailscaledConfig { Hostname = proxy.Hostname, ServerUrl = settings.LoginUrl };
        if (observed is null)
        {
            steps.Add(new CallStep(new IssueAuthKeyCall(target, proxy.Tags), AuthKeySlot));
            steps.Add(Apply(results => config with { AuthKey = results.Get<SecretText>(AuthKeySlot) }) with { Stores = AuthKeySlot });
            return;
        }

        // A registered device must not find a key again: it would log in anew where its state got lost.
        var known = config with { AuthKey = ProxyDevice.IdOf(observed) is null ? StoredConfig.AuthKey(observed) : null };
        steps.Add(Apply(_ => known));

        ApplyStep<Secret> Apply(Func<StepResults, TailscaledConfig> content) => new(
            KubernetesResources.Secrets, target, results => Secret(target, proxy, content(results), observed), observed);
    }

    private static Secret Secret(ObjectKey key, ProxySpec proxy, TailscaledConfig config, Secret? observed) => new()
    {
        ApiVersion = KubernetesResources.Secrets.ApiVersion,
        Kind = KubernetesResources.Secrets.Kind,
        Metadata = new ObjectMeta { Name = key.Name, Namespace = key.Namespace, Labels = ProxyLabels.For(proxy.Parent) },
        Data = TailscaledConfig.CapabilityVersions.ToDictionary(
            TailscaledConfig.FileName, version => Content(config, version, observed), StringComparer.Ordinal),
    };

    private static byte[] Content(TailscaledConfig config, int version, Secret? observed)
    {
        var wanted = config.ToJson(version);
        return observed?.Data is { } data
            && data.TryGetValue(TailscaledConfig.FileName(version), out var stored)
            && StoredConfig.SameContent(stored, wanted)
            ? stored
            : wanted;
    }
}
