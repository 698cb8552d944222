namespace Fairlead.Operator.CustomResourceDefinitions;

/// <summary>Limits that the API server enforces on a field. Negative numbers and null mean: no limit.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class SchemaAttribute : Attribute
{
    /// <summary>An RE2 expression; anchor it, since it need not match the whole text otherwise.</summary>
    public string? Pattern { get; init; }

    /// <summary>A format that the API server checks, like <c>cidr</c>.</summary>
    public string? Format { get; init; }

    public long MinLength { get; init; } = -1;

    public long MaxLength { get; init; } = -1;

    public long MinItems { get; init; } = -1;

    public long MaxItems { get; init; } = -1;

    public long Minimum { get; init; } = long.MinValue;

    public long Maximum { get; init; } = long.MaxValue;
}
