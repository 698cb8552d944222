namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>One CEL rule of a schema node.</summary>
public sealed record ValidationRule
{
    public required string Rule { get; init; }

    public string? Message { get; init; }

    /// <summary>CEL expression that yields the message; wins over <see cref="Message"/> when it evaluates to text.</summary>
    public string? MessageExpression { get; init; }

    /// <summary><c>FieldValueInvalid</c> (default), <c>FieldValueForbidden</c>, <c>FieldValueRequired</c>, <c>FieldValueDuplicate</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Path, relative to the node, that the failure is reported at.</summary>
    public string? FieldPath { get; init; }

    /// <summary>Rules that use <c>oldSelf</c> run on create too, with an absent optional.</summary>
    public bool OptionalOldSelf { get; init; }
}
