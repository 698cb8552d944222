using System.Globalization;

namespace Fairlead.Dev.Cel.Values;

internal sealed class CelInt(long value) : CelValue
{
    public long Value { get; } = value;

    public override CelKind Kind => CelKind.Int;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
