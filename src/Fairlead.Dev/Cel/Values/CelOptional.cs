namespace Fairlead.Dev.Cel.Values;

internal sealed class CelOptional(CelValue? value) : CelValue
{
    public static readonly CelOptional None = new(null);

    public CelValue? Value { get; } = value;

    public override CelKind Kind => CelKind.Optional;

    internal override int Size => Value?.Size ?? 1;

    public override string ToString() => Value is null ? "optional.none()" : $"optional.of({Value})";
}
