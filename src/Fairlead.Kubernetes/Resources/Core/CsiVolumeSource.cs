using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record CsiVolumeSource : ExtensibleRecord
{
    public string? Driver { get; init; }

    public bool? ReadOnly { get; init; }

    public string? FsType { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? VolumeAttributes { get; init; }

    public LocalObjectReference? NodePublishSecretRef { get; init; }
}
