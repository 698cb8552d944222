using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary><c>metadata</c> of every object.</summary>
public sealed record ObjectMeta : ExtensibleRecord
{
    internal static ObjectMeta Empty { get; } = new();

    public string? Name { get; init; }

    public string? GenerateName { get; init; }

    [JsonConverter(typeof(InternedStringConverter))]
    public string? Namespace { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? CreationTimestamp { get; init; }

    [JsonConverter(typeof(TimestampConverter))]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    public long? DeletionGracePeriodSeconds { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    public IReadOnlyList<OwnerReference>? OwnerReferences { get; init; }

    public IReadOnlyList<string>? Finalizers { get; init; }

    /// <summary>The larger half of many objects. An update that omits it changes nothing, so a cache may drop it.</summary>
    public IReadOnlyList<ManagedFieldsEntry>? ManagedFields { get; init; }
}
