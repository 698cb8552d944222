using System.Collections.Frozen;
using Fairlead.Dev.Cel.Values;

namespace Fairlead.Dev.Cel.Evaluation;

/// <summary>
/// What a call looks at, counted before it runs, so that a call too dear never starts. Values share parts, so the parts of a small
/// expression may be seen far more often than there is memory for; counting stops at the limit.
/// </summary>
internal static class CallCost
{
    /// <summary>The functions that go into the elements of their arguments.</summary>
    private static readonly FrozenSet<string> Deep =
        FrozenSet.ToFrozenSet(["_==_", "_!=_", "_in_", "indexOf", "lastIndexOf", "join", "format"]);

    /// <summary>Gives the characters and elements a call looks at or makes, or a number above the limit if there are more.</summary>
    public static long Of(string function, CelValue[] arguments, long limit)
    {
        if (arguments is [CelList left, CelList right] && function.StartsWith("sets.", StringComparison.Ordinal))
            return Saturated(Walk(left, limit), right.Items.Count) + Saturated(Walk(right, limit), left.Items.Count);
        var deep = Deep.Contains(function);
        long size = 0;
        foreach (var argument in arguments)
            size += deep ? Walk(argument, limit - size) : argument.Size;
        return size + (function, arguments) switch
        {
            ("join", [CelList list, CelString separator]) => Saturated(list.Items.Count, separator.Size),
            ("replace", [CelString text, CelString sought, CelString replacement, ..]) =>
                Saturated((text.Size / Math.Max(1, sought.Size)) + 1, replacement.Size),
            _ => 0,
        };
    }

    private static long Walk(CelValue value, long limit)
    {
        long size = value.Size;
        switch (value)
        {
            case CelList list:
                for (var i = 0; i < list.Items.Count && size <= limit; i++)
                    size += Walk(list.Items[i], limit - size);
                break;
            case CelMap map:
                for (var i = 0; i < map.Keys.Count && size <= limit; i++)
                    size += map.Keys[i].Size + Walk(map[map.Keys[i]], limit - size);
                break;
            case CelOptional { Value: { } present }:
                return Walk(present, limit);
        }
        return size;
    }

    private static long Saturated(long left, long right) =>
        right != 0 && left > long.MaxValue / 4 / right ? long.MaxValue / 4 : left * right;
}
