using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary><c>list[i]</c> and <c>map[key]</c>.</summary>
internal static class Indexing
{
    public static bool IsKey(CelValue value) => value.Kind is CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.String;

    public static CelValue Get(CelValue operand, CelValue index)
    {
        switch (operand)
        {
            case CelMap map when IsKey(index) || index is CelDouble:
                return map.TryGet(index, out var value) ? value : CelError.NoSuchKey(index.ToString()!);
            case CelList list when TryPlace(index, out var place):
                return place >= 0 && place < list.Items.Count
                    ? list.Items[(int)place]
                    : new CelError(CelErrorReason.IndexOutOfRange, $"index out of bounds: {index} in a list of {list.Items.Count}");
            default:
                return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: {CelKinds.Name(operand.Kind)}[{CelKinds.Name(index.Kind)}]");
        }
    }

    private static bool TryPlace(CelValue index, out long place)
    {
        place = index switch
        {
            CelInt whole => whole.Value,
            CelUint whole => whole.Value > int.MaxValue ? -1 : (long)whole.Value,
            CelDouble real when Math.Truncate(real.Value) == real.Value => Math.Abs(real.Value) > int.MaxValue ? -1 : (long)real.Value,
            _ => -1,
        };
        return index is CelInt or CelUint || (index is CelDouble d && Math.Truncate(d.Value) == d.Value);
    }
}
