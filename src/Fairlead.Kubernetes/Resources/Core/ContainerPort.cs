using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

public sealed record ContainerPort : ExtensibleRecord
{
    public string? Name { get; init; }

    public int? HostPort { get; init; }

    [JsonPropertyName("containerPort")]
    public int? Port { get; init; }

    public string? Protocol { get; init; }

    public string? HostIP { get; init; }
}
