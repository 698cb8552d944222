namespace Fairlead.Dev.Cel.Values;

/// <summary>A type as a value: what <c>type(x)</c> gives and <c>int</c> names.</summary>
internal sealed class CelTypeValue(CelKind value) : CelValue
{
    public CelKind Value { get; } = value;

    public override CelKind Kind => CelKind.Type;

    public override string ToString() => CelKinds.Name(Value);
}
