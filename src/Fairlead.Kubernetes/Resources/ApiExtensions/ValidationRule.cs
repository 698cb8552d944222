namespace Fairlead.Kubernetes.Resources.ApiExtensions;

/// <summary>A CEL expression that must hold.</summary>
public sealed record ValidationRule : ExtensibleRecord
{
    public string? Rule { get; init; }

    public string? Message { get; init; }

    public string? MessageExpression { get; init; }

    public string? Reason { get; init; }

    public string? FieldPath { get; init; }

    public bool? OptionalOldSelf { get; init; }
}
