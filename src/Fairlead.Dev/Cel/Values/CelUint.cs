using System.Globalization;

namespace Fairlead.Dev.Cel.Values;

internal sealed class CelUint(ulong value) : CelValue
{
    public ulong Value { get; } = value;

    public override CelKind Kind => CelKind.Uint;

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
