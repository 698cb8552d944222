using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Evaluation;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>The operators other than the logical ones, which evaluate lazily.</summary>
internal static class OperatorLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("_==_", [Dyn, Dyn], CelType.Bool, a => CelValue.Of(CelEquality.AreEqual(a[0], a[1])));
        table.Global("_!=_", [Dyn, Dyn], CelType.Bool, a => CelValue.Of(!CelEquality.AreEqual(a[0], a[1])));
        table.Global("!_", [Bool], CelType.Bool, a => CelValue.Of(!a.Bool(0)));
        table.Global("_in_", [Dyn, List], CelType.Bool, a => CelValue.Of(a.List(1).Items.Contains(a[0])));
        table.Global("_in_", [Dyn, Map], CelType.Bool, a => CelValue.Of(Indexing.IsKey(a[0]) && a.As<CelMap>(1).TryGet(a[0], out _)));
        AddOrder(table);
        AddSums(table);
        AddProducts(table);
    }

    private static void AddOrder(CelFunctionTableBuilder table)
    {
        CelKind[] numbers = [Int, Uint, CelKind.Double];
        (CelKind, CelKind)[] pairs =
        [
            .. numbers.SelectMany(left => numbers.Select(right => (left, right))),
            (Bool, Bool), (CelKind.String, CelKind.String), (Bytes, Bytes), (Timestamp, Timestamp), (Duration, Duration),
        ];
        foreach (var (left, right) in pairs)
        {
            table.Global("_<_", [left, right], CelType.Bool, a => CelValue.Of(Ordering.Compare(a[0], a[1]) < 0));
            table.Global("_<=_", [left, right], CelType.Bool, a => CelValue.Of(Ordering.Compare(a[0], a[1]) <= 0));
            table.Global("_>_", [left, right], CelType.Bool, a => CelValue.Of(Ordering.Compare(a[0], a[1]) > 0));
            table.Global("_>=_", [left, right], CelType.Bool, a => CelValue.Of(Ordering.Compare(a[0], a[1]) >= 0));
        }
    }

    private static void AddSums(CelFunctionTableBuilder table)
    {
        table.Global("_+_", [Int, Int], CelType.Int, a => Arithmetic.Add(a[0], a[1]));
        table.Global("_+_", [Uint, Uint], CelType.Uint, a => Arithmetic.Add(a[0], a[1]));
        table.Global("_+_", [CelKind.Double, CelKind.Double], CelType.Double, a => Arithmetic.Add(a[0], a[1]));
        table.Global("_+_", [Duration, Duration], CelType.Duration, a => Arithmetic.Add(a[0], a[1]));
        table.Global("_+_", [Timestamp, Duration], CelType.Timestamp, a => Arithmetic.Instant(a.As<CelTimestamp>(0).Nanoseconds + a.As<CelDuration>(1).Nanoseconds));
        table.Global("_+_", [Duration, Timestamp], CelType.Timestamp, a => Arithmetic.Instant(a.As<CelTimestamp>(1).Nanoseconds + a.As<CelDuration>(0).Nanoseconds));
        table.Global("_+_", [CelKind.String, CelKind.String], CelType.String, a => new CelString(a.Text(0) + a.Text(1)));
        table.Global("_+_", [Bytes, Bytes], CelType.Bytes, a => new CelBytes([.. a.As<CelBytes>(0).Value.Span, .. a.As<CelBytes>(1).Value.Span]));
        table.Global("_+_", [List, List], CelType.List, a => a.List(0).Concat(a.List(1)));

        table.Global("_-_", [Int, Int], CelType.Int, a => Arithmetic.Whole((Int128)a.Int(0) - a.Int(1)));
        table.Global("_-_", [Uint, Uint], CelType.Uint, a => Arithmetic.Unsigned((Int128)a.Uint(0) - a.Uint(1)));
        table.Global("_-_", [CelKind.Double, CelKind.Double], CelType.Double, a => CelValue.Of(a.Double(0) - a.Double(1)));
        table.Global("_-_", [Duration, Duration], CelType.Duration, a => Arithmetic.Span((Int128)a.As<CelDuration>(0).Nanoseconds - a.As<CelDuration>(1).Nanoseconds));
        table.Global("_-_", [Timestamp, Duration], CelType.Timestamp, a => Arithmetic.Instant(a.As<CelTimestamp>(0).Nanoseconds - a.As<CelDuration>(1).Nanoseconds));
        table.Global("_-_", [Timestamp, Timestamp], CelType.Duration, a => Arithmetic.Span(a.As<CelTimestamp>(0).Nanoseconds - a.As<CelTimestamp>(1).Nanoseconds));

        table.Global("-_", [Int], CelType.Int, a => Arithmetic.Whole(-(Int128)a.Int(0)));
        table.Global("-_", [CelKind.Double], CelType.Double, a => CelValue.Of(-a.Double(0)));
        table.Global("-_", [Duration], CelType.Duration, a => Arithmetic.Span(-(Int128)a.As<CelDuration>(0).Nanoseconds));
    }

    private static void AddProducts(CelFunctionTableBuilder table)
    {
        table.Global("_*_", [Int, Int], CelType.Int, a => Arithmetic.Whole((Int128)a.Int(0) * a.Int(1)));
        table.Global("_*_", [Uint, Uint], CelType.Uint, a => Arithmetic.Product(a.Uint(0), a.Uint(1)));
        table.Global("_*_", [CelKind.Double, CelKind.Double], CelType.Double, a => CelValue.Of(a.Double(0) * a.Double(1)));
        table.Global("_/_", [Int, Int], CelType.Int, a => a.Int(1) == 0 ? Arithmetic.DivisionByZero : Arithmetic.Whole((Int128)a.Int(0) / a.Int(1)));
        table.Global("_/_", [Uint, Uint], CelType.Uint, a => a.Uint(1) == 0 ? Arithmetic.DivisionByZero : new CelUint(a.Uint(0) / a.Uint(1)));
        table.Global("_/_", [CelKind.Double, CelKind.Double], CelType.Double, a => CelValue.Of(a.Double(0) / a.Double(1)));
        table.Global("_%_", [Int, Int], CelType.Int, a => a.Int(1) == 0 ? Arithmetic.ModulusByZero : Arithmetic.Remainder(a.Int(0), a.Int(1)));
        table.Global("_%_", [Uint, Uint], CelType.Uint, a => a.Uint(1) == 0 ? Arithmetic.ModulusByZero : new CelUint(a.Uint(0) % a.Uint(1)));
    }
}
