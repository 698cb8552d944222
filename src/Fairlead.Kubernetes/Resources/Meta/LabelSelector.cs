using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Resources.Meta;

/// <summary>Selects objects by their labels; all requirements must hold.</summary>
public sealed record LabelSelector : ExtensibleRecord
{
    [JsonConverter(typeof(StringMapConverter))]
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    public IReadOnlyList<LabelSelectorRequirement>? MatchExpressions { get; init; }
}
