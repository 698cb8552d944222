using Fairlead.Bench.Commands;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Resources.Networking;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Bench.Clusters;

/// <summary>What a cluster has before an operator starts.</summary>
internal static class Installation
{
    public const string OperatorNamespace = "tailscale";

    /// <summary>Namespace of the measured Services; nothing else may be in it.</summary>
    public const string LoadNamespace = "scale";

    private static readonly ApplyOptions Force = new() { Force = true };

    /// <exception cref="BenchmarkException">The cluster already has Services or proxies of an earlier run.</exception>
    public static async Task PrepareAsync(KubernetesClient client, CancellationToken cancellationToken)
    {
        foreach (var definition in TailscaleDefinitions.All)
        {
            await client.For(KubernetesResources.CustomResourceDefinitions).ApplyAsync(definition, Force, cancellationToken).ConfigureAwait(false);
        }

        foreach (var name in (string[])[OperatorNamespace, LoadNamespace])
        {
            await client.For(KubernetesResources.Namespaces).ApplyAsync(
                new Namespace { ApiVersion = "v1", Kind = "Namespace", Metadata = new ObjectMeta { Name = name } }, Force, cancellationToken).ConfigureAwait(false);
        }

        foreach (var name in (string[])["operator", "proxies"])
        {
            await client.For(KubernetesResources.ServiceAccounts).ApplyAsync(
                new ServiceAccount { ApiVersion = "v1", Kind = "ServiceAccount", Metadata = new ObjectMeta { Name = name, Namespace = OperatorNamespace } },
                Force, cancellationToken).ConfigureAwait(false);
        }

        await client.For(KubernetesResources.IngressClasses).ApplyAsync(
            new IngressClass
            {
                ApiVersion = KubernetesResources.IngressClasses.ApiVersion,
                Kind = KubernetesResources.IngressClasses.Kind,
                Metadata = new ObjectMeta { Name = "tailscale" },
                Spec = new IngressClassSpec { Controller = "tailscale.com/ts-ingress" },
            },
            Force, cancellationToken).ConfigureAwait(false);
        if (await ObjectCount.OfAsync(client.For(KubernetesResources.Services), LoadNamespace, cancellationToken).ConfigureAwait(false) > 0
            || await ObjectCount.OfAsync(client.For(KubernetesResources.StatefulSets), OperatorNamespace, cancellationToken).ConfigureAwait(false) > 0)
        {
            throw new BenchmarkException(
                $"the cluster has Services in the namespace {LoadNamespace} or StatefulSets in {OperatorNamespace}; delete them, or use a cluster of its own for this");
        }
    }
}
