using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>Named configuration texts and bytes.</summary>
public sealed record ConfigMap : KubernetesObject
{
    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? Data { get; init; }

    public IReadOnlyDictionary<string, byte[]>? BinaryData { get; init; }

    public bool? Immutable { get; init; }
}
