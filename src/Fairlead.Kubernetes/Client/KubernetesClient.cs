using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Client;

/// <summary>
/// One API server, one identity. Safe for concurrent use; make one per process and keep it, for it holds the connections.
/// </summary>
public sealed partial class KubernetesClient : IDisposable
{
    private readonly ApiTransport _transport;

    public KubernetesClient(ClusterConfiguration configuration, KubernetesClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        Configuration = configuration;
        _transport = new ApiTransport(configuration, options ?? KubernetesClientOptions.Default);
    }

    public ClusterConfiguration Configuration { get; }

    /// <summary>Calls for one type of object. Cheap; need not be kept.</summary>
    public ResourceClient<T> For<T>(ResourceType<T> type)
        where T : class, IKubernetesObject
    {
        ArgumentNullException.ThrowIfNull(type);
        return new ResourceClient<T>(_transport, type);
    }

    public void Dispose() => _transport.Dispose();
}
