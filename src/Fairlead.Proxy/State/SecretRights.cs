using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Authorization;

namespace Fairlead.Proxy.State;

/// <summary>What the Pod's ServiceAccount may do with its state Secret.</summary>
internal readonly record struct SecretRights(bool Get, bool Update, bool Patch, bool Create)
{
    public static async Task<SecretRights> AskAsync(KubernetesClient client, ObjectKey secret, CancellationToken cancellationToken)
    {
        async Task<bool> MayAsync(string verb, string name)
        {
            var review = await client.For(KubernetesResources.SelfSubjectAccessReviews).CreateAsync(
                new SelfSubjectAccessReview
                {
                    Spec = new SelfSubjectAccessReviewSpec
                    {
                        ResourceAttributes = new ResourceAttributes { Namespace = secret.Namespace, Verb = verb, Resource = "secrets", Name = name },
                    },
                },
                cancellationToken: cancellationToken).ConfigureAwait(false);
            return review.Status?.Allowed == true;
        }

        // A creation is not asked about by name: the API server knows none when it decides.
        return new SecretRights(
            await MayAsync("get", secret.Name).ConfigureAwait(false),
            await MayAsync("update", secret.Name).ConfigureAwait(false),
            await MayAsync("patch", secret.Name).ConfigureAwait(false),
            await MayAsync("create", "").ConfigureAwait(false));
    }
}
