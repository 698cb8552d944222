using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Lists seen as sets: order and repetition do not matter.</summary>
internal static class SetLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("sets.contains", [List, List], CelType.Bool, a => CelValue.Of(Contains(a.List(0), a.List(1))));
        table.Global("sets.equivalent", [List, List], CelType.Bool, a => CelValue.Of(Contains(a.List(0), a.List(1)) && Contains(a.List(1), a.List(0))));
        table.Global("sets.intersects", [List, List], CelType.Bool, a => CelValue.Of(a.List(1).Items.Any(Elements(a.List(0)).Contains)));
    }

    private static bool Contains(CelList set, CelList part)
    {
        var elements = Elements(set);
        return part.Items.All(elements.Contains);
    }

    private static HashSet<CelValue> Elements(CelList list) => [.. list.Items];
}
