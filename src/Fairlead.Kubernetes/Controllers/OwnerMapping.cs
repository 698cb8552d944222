using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Controllers;

internal static class OwnerMapping
{
    public static IEnumerable<ObjectKey> Owners(IKubernetesObject value, string group, string kind, bool namespaced)
    {
        foreach (var owner in value.Metadata.OwnerReferences ?? [])
        {
            if (owner.Controller == true && owner.Kind == kind && GroupOf(owner.ApiVersion).SequenceEqual(group))
            {
                // An owner lives in the namespace of what it owns, or in none.
                return [new ObjectKey(namespaced ? value.Metadata.Namespace ?? "" : "", owner.Name)];
            }
        }

        return [];
    }

    private static ReadOnlySpan<char> GroupOf(string apiVersion) =>
        apiVersion.LastIndexOf('/') is var slash and > 0 ? apiVersion.AsSpan(0, slash) : default;
}
