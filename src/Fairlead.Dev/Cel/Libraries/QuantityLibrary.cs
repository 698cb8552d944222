using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The Kubernetes quantity library.</summary>
internal static class QuantityLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("quantity", [CelKind.String], CelType.Quantity, a => CelQuantity.TryParse(a.Text(0), out var quantity)
            ? quantity!
            : CelError.Invalid($"'{a.Text(0)}' is no quantity such as '1.5Gi'"));
        table.Global("isQuantity", [CelKind.String], CelType.Bool, a => CelValue.Of(CelQuantity.TryParse(a.Text(0), out _)));
        table.Either("sign", [Quantity], CelType.Int, a => new CelInt(a.As<CelQuantity>(0).Nanos.Sign));
        table.Member("isInteger", [Quantity], CelType.Bool, a => CelValue.Of(a.As<CelQuantity>(0).TryInteger(out _)));
        table.Member("asInteger", [Quantity], CelType.Int, a => a.As<CelQuantity>(0).TryInteger(out var value)
            ? new CelInt(value)
            : CelError.Invalid("cannot convert value to integer"));
        table.Member("asApproximateFloat", [Quantity], CelType.Double, a => CelValue.Of(a.As<CelQuantity>(0).Approximate()));
        table.Member("add", [Quantity, Quantity], CelType.Quantity, a => new CelQuantity(a.As<CelQuantity>(0).Nanos + a.As<CelQuantity>(1).Nanos));
        table.Member("add", [Quantity, Int], CelType.Quantity, a => new CelQuantity(a.As<CelQuantity>(0).Nanos + CelQuantity.FromInt(a.Int(1)).Nanos));
        table.Member("sub", [Quantity, Quantity], CelType.Quantity, a => new CelQuantity(a.As<CelQuantity>(0).Nanos - a.As<CelQuantity>(1).Nanos));
        table.Member("sub", [Quantity, Int], CelType.Quantity, a => new CelQuantity(a.As<CelQuantity>(0).Nanos - CelQuantity.FromInt(a.Int(1)).Nanos));
        table.Member("isLessThan", [Quantity, Quantity], CelType.Bool, a => CelValue.Of(Compare(a) < 0));
        table.Member("isGreaterThan", [Quantity, Quantity], CelType.Bool, a => CelValue.Of(Compare(a) > 0));
        table.Member("compareTo", [Quantity, Quantity], CelType.Int, a => new CelInt(Compare(a)));
    }

    private static int Compare(CelArguments arguments) =>
        Math.Sign(arguments.As<CelQuantity>(0).Nanos.CompareTo(arguments.As<CelQuantity>(1).Nanos));
}
