using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Core;

/// <summary>Named bytes that only those who need them may read. <see cref="object.ToString"/> never shows them.</summary>
public sealed record Secret : KubernetesObject
{
    public string? Type { get; init; }

    /// <summary>The bytes themselves; base64 exists on the wire only.</summary>
    public IReadOnlyDictionary<string, byte[]>? Data { get; init; }

    /// <summary>Write-only: the server merges it into <see cref="Data"/>.</summary>
    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? StringData { get; init; }

    public bool? Immutable { get; init; }
}
