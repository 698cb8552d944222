using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Client;

/// <summary>
/// Calls for one type of object. All throw <see cref="KubernetesApiException"/> when the server refuses and
/// <see cref="KubernetesConnectionException"/> when it cannot be reached.
/// </summary>
public sealed partial class ResourceClient<T>
    where T : class, IKubernetesObject
{
    private readonly ApiTransport _transport;

    internal ResourceClient(ApiTransport transport, ResourceType<T> type)
    {
        _transport = transport;
        Type = type;
    }

    public ResourceType<T> Type { get; }

    private ApiRequest Request(HttpMethod method, string verb, string path, string? subresource = null) => new(method, path)
    {
        Verb = verb,
        Resource = subresource is null ? Type.GroupResource : $"{Type.GroupResource}/{subresource}",
    };

    private string PathTo(ObjectKey key, string? subresource = null)
    {
        if (key.Name is null or "")
            throw new ArgumentException($"A {Type.Kind} is addressed by its name.", nameof(key));

        if (Type.Namespaced && key.Namespace is null or "")
            throw new ArgumentException($"{Type.Kind} '{key.Name}' is addressed by its namespace and name.", nameof(key));

        return Type.Path(key.Namespace, key.Name, subresource);
    }
}
