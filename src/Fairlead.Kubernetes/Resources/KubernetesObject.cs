using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources;

/// <summary>What every type of object has.</summary>
public abstract record KubernetesObject : ExtensibleRecord, IKubernetesObject
{
    [JsonPropertyOrder(-3)]
    [JsonConverter(typeof(InternedStringConverter))]
    public string? ApiVersion { get; init; }

    [JsonPropertyOrder(-2)]
    [JsonConverter(typeof(InternedStringConverter))]
    public string? Kind { get; init; }

    /// <summary>Never null, even if the JSON had none.</summary>
    [JsonPropertyOrder(-1)]
    public ObjectMeta Metadata
    {
        get;
        init => field = value ?? ObjectMeta.Empty;
    } = ObjectMeta.Empty;

    /// <summary>Type and name only: objects may hold secrets.</summary>
    public sealed override string ToString() =>
        $"{Kind ?? GetType().Name} {new ObjectKey(Metadata.Namespace ?? "", Metadata.Name ?? "")}";
}
