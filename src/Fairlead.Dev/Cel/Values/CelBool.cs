namespace Fairlead.Dev.Cel.Values;

internal sealed class CelBool : CelValue
{
    public static new readonly CelBool True = new(true);
    public static new readonly CelBool False = new(false);

    private CelBool(bool value) => Value = value;

    public bool Value { get; }

    public override CelKind Kind => CelKind.Bool;

    public override string ToString() => Value ? "true" : "false";
}
