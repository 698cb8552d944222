namespace Fairlead.Dev.Cel.Values;

internal sealed class CelNull : CelValue
{
    public static readonly CelNull Instance = new();

    public override CelKind Kind => CelKind.Null;

    public override string ToString() => "null";
}
