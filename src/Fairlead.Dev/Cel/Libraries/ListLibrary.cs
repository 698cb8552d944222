using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The Kubernetes list library.</summary>
internal static class ListLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Member("isSorted", [List], CelType.Bool, a => IsSorted(a.List(0)));
        table.Member("sum", [List], CelType.Dyn, a => Sum(a.List(0)));
        table.Member("min", [List], CelType.Dyn, a => Extreme(a.List(0), "min", -1));
        table.Member("max", [List], CelType.Dyn, a => Extreme(a.List(0), "max", 1));
        table.Member("indexOf", [List, Dyn], CelType.Int, a => IndexOf(a.List(0), a[1]));
        table.Member("lastIndexOf", [List, Dyn], CelType.Int, a => LastIndexOf(a.List(0), a[1]));
    }

    private static CelValue IsSorted(CelList list)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (!Ordering.IsOrdered(list.Items[i].Kind))
                return Unordered("isSorted", list.Items[i]);
            if (i > 0 && Ordering.Compare(list.Items[i - 1], list.Items[i]) is not <= 0)
                return CelBool.False;
        }
        return CelBool.True;
    }

    // Kubernetes gives the zero of the element type; without one, the int zero.
    private static CelValue Sum(CelList list)
    {
        if (list.Items.Count == 0)
            return new CelInt(0);
        var sum = list.Items[0];
        if (sum.Kind is not (Int or Uint or CelKind.Double or Duration))
            return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: sum() of a list with a {CelKinds.Name(sum.Kind)}");
        foreach (var item in list.Items.Skip(1))
        {
            sum = Arithmetic.Add(sum, item);
            if (sum is CelError)
                return sum;
        }
        return sum;
    }

    private static CelValue Extreme(CelList list, string name, int sign)
    {
        if (list.Items.Count == 0)
            return CelError.Invalid($"{name} called on empty list");
        var extreme = list.Items[0];
        foreach (var item in list.Items)
        {
            if (!Ordering.IsOrdered(item.Kind))
                return Unordered(name, item);
            if (Ordering.Compare(item, extreme) is { } order && order * sign > 0)
                extreme = item;
        }
        return extreme;
    }

    private static CelInt IndexOf(CelList list, CelValue sought)
    {
        for (var i = 0; i < list.Items.Count; i++)
        {
            if (list.Items[i].Equals(sought))
                return new CelInt(i);
        }
        return new CelInt(-1);
    }

    private static CelInt LastIndexOf(CelList list, CelValue sought)
    {
        for (var i = list.Items.Count - 1; i >= 0; i--)
        {
            if (list.Items[i].Equals(sought))
                return new CelInt(i);
        }
        return new CelInt(-1);
    }

    private static CelError Unordered(string name, CelValue item) =>
        new(CelErrorReason.NoSuchOverload, $"no such overload: {name}() of a list with a {CelKinds.Name(item.Kind)}");
}
