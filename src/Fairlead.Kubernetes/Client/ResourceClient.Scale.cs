using System.Globalization;
using System.Text;
using Fairlead.Kubernetes.Client.Transport;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Autoscaling;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client;

public sealed partial class ResourceClient<T>
{
    private const string ScaleSubresource = "scale";

    public Task<Scale> GetScaleAsync(ObjectKey key, CancellationToken cancellationToken = default)
    {
        var request = Request(HttpMethod.Get, "get", PathTo(key, ScaleSubresource), ScaleSubresource) with { Repeatable = true };
        return _transport.SendAsync(request, KubernetesJsonContext.Default.Scale, cancellationToken);
    }

    /// <summary>Sets the number of replicas and nothing else; needs the right to patch <c>scale</c> only.</summary>
    public Task<Scale> SetScaleAsync(ObjectKey key, int replicas, CancellationToken cancellationToken = default)
    {
        var body = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$$"""{"spec":{"replicas":{{{replicas}}}}}"""));
        var patch = Patch.Merge(body);
        var query = new QueryBuilder();
        query.Add("fieldManager", _transport.Options.FieldManager);
        var request = Request(HttpMethod.Patch, "patch", PathTo(key, ScaleSubresource), ScaleSubresource) with
        {
            Query = query.ToString(),
            Body = patch.Body,
            ContentType = patch.MediaType,
            Repeatable = true,
        };
        return _transport.SendAsync(request, KubernetesJsonContext.Default.Scale, cancellationToken);
    }
}
