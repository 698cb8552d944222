using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Resources;

/// <summary>Any object of the Kubernetes API.</summary>
public interface IKubernetesObject
{
    /// <summary>Group and version, for example <c>apps/v1</c>; absent on the items of a list.</summary>
    string? ApiVersion { get; }

    string? Kind { get; }

    ObjectMeta Metadata { get; }
}
