namespace Fairlead.Kubernetes.Resources.Meta;

public sealed record LabelSelectorRequirement : ExtensibleRecord
{
    public string? Key { get; init; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    public string? Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init; }
}
