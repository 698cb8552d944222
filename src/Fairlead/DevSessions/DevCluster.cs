using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Resources.Rbac;
using Fairlead.Manifests;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.DevSessions;

/// <summary>Writes into a cluster what an installation of the operator consists of, and what its user wants to see.</summary>
internal sealed class DevCluster(KubernetesClient client)
{
    private static readonly ApplyOptions Force = new() { Force = true };

    /// <summary>The ServiceAccount that proxy Pods run under; wire contract with upstream's chart.</summary>
    private const string ProxyAccount = "proxies";

    private readonly Dictionary<string, ApiResourceList?> _discovered = new(StringComparer.Ordinal);

    /// <summary>What the chart would bring: the operator's namespace, the proxies' account, the definitions of our types.</summary>
    public async Task InstallAsync(string operatorNamespace, CancellationToken cancellationToken)
    {
        await client.For(KubernetesResources.Namespaces).ApplyAsync(
            Named<Namespace>(KubernetesResources.Namespaces, new ObjectMeta { Name = operatorNamespace }, static meta => new Namespace { Metadata = meta }),
            Force, cancellationToken).ConfigureAwait(false);
        await client.For(KubernetesResources.ServiceAccounts).ApplyAsync(
            Named<ServiceAccount>(
                KubernetesResources.ServiceAccounts, new ObjectMeta { Name = ProxyAccount, Namespace = operatorNamespace }, static meta => new ServiceAccount { Metadata = meta }),
            Force, cancellationToken).ConfigureAwait(false);
        await AllowProxiesAsync(operatorNamespace, cancellationToken).ConfigureAwait(false);
        foreach (var definition in TailscaleDefinitions.All)
        {
            await client.For(KubernetesResources.CustomResourceDefinitions).ApplyAsync(definition, Force, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What upstream's chart lets proxies do: keep their state in Secrets, and record Events.</summary>
    private async Task AllowProxiesAsync(string operatorNamespace, CancellationToken cancellationToken)
    {
        var metadata = new ObjectMeta { Name = ProxyAccount, Namespace = operatorNamespace };
        await client.For(KubernetesResources.Roles).ApplyAsync(
            Named<Role>(KubernetesResources.Roles, metadata, static meta => new Role
            {
                Metadata = meta,
                Rules =
                [
                    new PolicyRule { ApiGroups = [""], Resources = ["secrets"], Verbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] },
                    new PolicyRule { ApiGroups = [""], Resources = ["events"], Verbs = ["create", "patch", "get"] },
                ],
            }),
            Force, cancellationToken).ConfigureAwait(false);
        await client.For(KubernetesResources.RoleBindings).ApplyAsync(
            Named<RoleBinding>(KubernetesResources.RoleBindings, metadata, static meta => new RoleBinding
            {
                Metadata = meta,
                RoleRef = new RoleRef { ApiGroup = "rbac.authorization.k8s.io", Kind = "Role", Name = ProxyAccount },
                Subjects = [new Subject { Kind = "ServiceAccount", Name = ProxyAccount, Namespace = meta.Namespace }],
            }),
            Force, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Applies an object of any type, in the namespace <c>default</c> where it names none.</summary>
    /// <returns>The UID it has got, or what is wrong with it.</returns>
    public async Task<(string? Uid, ManifestProblem? Problem)> ApplyAsync(SourceObject source, CancellationToken cancellationToken)
    {
        if (!_discovered.TryGetValue(source.ApiVersion, out var group))
        {
            _discovered[source.ApiVersion] = group = await client.DiscoverAsync(source.ApiVersion, cancellationToken).ConfigureAwait(false);
        }

        var kind = group?.Resources?.FirstOrDefault(resource => resource.Kind == source.Kind && resource.Name?.Contains('/', StringComparison.Ordinal) == false);
        if (kind is null)
        {
            return Refused("kind", $"the cluster has no {source.ApiVersion} {source.Kind}; correct it, or apply its definition first");
        }

        var namespaced = kind.Namespaced == true;
        var body = source.Body.DeepClone().AsObject();
        if (namespaced && source.Namespace.Length == 0)
        {
            body["metadata"]!["namespace"] = "default";
        }

        var parts = source.ApiVersion.Split('/');
        var type = new ResourceType<AnyObject>(
            parts.Length == 2 ? parts[0] : "", parts[^1], source.Kind, kind.Name!, namespaced, AnyObjectJson.Default.AnyObject);
        try
        {
            var value = System.Text.Json.JsonSerializer.Deserialize(body, AnyObjectJson.Default.AnyObject)!;
            var applied = await client.For(type).ApplyAsync(value, Force with { FieldValidation = "Strict" }, cancellationToken).ConfigureAwait(false);
            return (applied.Metadata.Uid, null);
        }
        catch (KubernetesApiException e)
        {
            var field = e.Details?.Causes is [{ Field: { } named }, ..] ? named : "";
            return Refused(field, $"the API server refuses it: {e.Status.Message}");
        }
        catch (System.Text.Json.JsonException e)
        {
            return Refused("metadata", $"{e.Message} Put texts in quotes.");
        }

        (string?, ManifestProblem?) Refused(string field, string why) =>
            (null, new ManifestProblem(source.PositionOf(field), source.Describe(kind?.Namespaced == true ? "default" : ""), field, why));
    }

    private static T Named<T>(ResourceType<T> type, ObjectMeta metadata, Func<ObjectMeta, T> create)
        where T : KubernetesObject =>
        create(metadata) with { ApiVersion = type.ApiVersion, Kind = type.Kind };
}
