using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>Points at the object whose deletion takes this one along.</summary>
public sealed record OwnerReference : ExtensibleRecord
{
    [JsonConverter(typeof(InternedStringConverter))]
    public required string ApiVersion { get; init; }

    [JsonConverter(typeof(InternedStringConverter))]
    public required string Kind { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public bool? Controller { get; init; }

    public bool? BlockOwnerDeletion { get; init; }
}
