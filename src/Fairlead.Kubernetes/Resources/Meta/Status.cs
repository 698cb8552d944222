using System.Text.Json.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>What the API server answers where there is no object to answer with, above all errors.</summary>
public sealed record Status : ExtensibleRecord
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ListMeta? Metadata { get; init; }

    /// <summary><c>Success</c> or <c>Failure</c>.</summary>
    [JsonPropertyName("status")]
    public string? Outcome { get; init; }

    public string? Message { get; init; }

    /// <summary>Machine-readable, for example <c>AlreadyExists</c>.</summary>
    public string? Reason { get; init; }

    public StatusDetails? Details { get; init; }

    public int? Code { get; init; }
}
