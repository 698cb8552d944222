using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Authentication;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client;

public sealed partial class KubernetesClient
{
    public Task<ServerVersion> GetVersionAsync(CancellationToken cancellationToken = default)
    {
        var request = new ApiRequest(HttpMethod.Get, "version") { Verb = "get", Resource = "version", Repeatable = true };
        return _transport.SendAsync(request, KubernetesJsonContext.Default.ServerVersion, cancellationToken);
    }

    /// <summary>Which resources a group and version has.</summary>
    /// <param name="groupVersion"><c>v1</c> or for example <c>apps/v1</c>.</param>
    /// <returns>Null if the server does not know the group or version.</returns>
    public async Task<ApiResourceList?> DiscoverAsync(string groupVersion, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(groupVersion);
        var path = groupVersion.Contains('/', StringComparison.Ordinal) ? $"apis/{groupVersion}" : $"api/{groupVersion}";
        var request = new ApiRequest(HttpMethod.Get, path) { Verb = "get", Resource = "discovery", Repeatable = true };
        try
        {
            return await _transport.SendAsync(request, KubernetesJsonContext.Default.ApiResourceList, cancellationToken).ConfigureAwait(false);
        }
        catch (KubernetesApiException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Whether the server has a type, for example because its CustomResourceDefinition is installed.</summary>
    public async Task<bool> ServesAsync<T>(ResourceType<T> type, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        var resources = await DiscoverAsync(type.ApiVersion, cancellationToken).ConfigureAwait(false);
        return resources?.Resources?.Any(resource => resource.Name == type.Plural) == true;
    }

    /// <summary>Issues a token of a ServiceAccount.</summary>
    /// <returns>The request with its status: the token and when it ends. Its text never shows the token.</returns>
    public Task<TokenRequest> CreateTokenAsync(ObjectKey serviceAccount, TokenRequestSpec spec, CancellationToken cancellationToken = default)
    {
        var request = new ApiRequest(HttpMethod.Post, KubernetesResources.ServiceAccounts.Path(serviceAccount.Namespace, serviceAccount.Name, "token"))
        {
            Verb = "create",
            Resource = "serviceaccounts/token",
            ContentType = ApiRequest.Json,
            Body = ObjectCodec.Encode(TokenRequestType, new TokenRequest { Spec = spec }),
        };
        return _transport.SendAsync(request, KubernetesJsonContext.Default.TokenRequest, cancellationToken);
    }

    private static ResourceType<TokenRequest> TokenRequestType { get; } =
        new("authentication.k8s.io", "v1", "TokenRequest", "tokenrequests", true, KubernetesJsonContext.Default.TokenRequest);
}
