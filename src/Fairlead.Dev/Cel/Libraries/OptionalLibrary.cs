using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary>Optional values; <c>optMap</c> and <c>optFlatMap</c> are macros.</summary>
internal static class OptionalLibrary
{
    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("optional.of", [Dyn], CelType.Optional, a => new CelOptional(a[0]));
        table.Global("optional.none", [], CelType.Optional, _ => CelOptional.None);
        table.Global("optional.ofNonZeroValue", [Dyn], CelType.Optional, a => IsZero(a[0]) ? CelOptional.None : new CelOptional(a[0]));
        table.Global("optional.unwrap", [List], CelType.List, a => Unwrap(a.List(0)));
        table.Member("unwrapOpt", [List], CelType.List, a => Unwrap(a.List(0)));
        table.Member("hasValue", [CelKind.Optional], CelType.Bool, a => CelValue.Of(a.As<CelOptional>(0).Value is not null));
        table.Member("value", [CelKind.Optional], CelType.Dyn, a => a.As<CelOptional>(0).Value ?? CelError.Invalid("optional.none() dereference"));
        table.Member("or", [CelKind.Optional, CelKind.Optional], CelType.Optional, a => a.As<CelOptional>(0).Value is null ? a[1] : a[0]);
        table.Member("orValue", [CelKind.Optional, Dyn], CelType.Dyn, a => a.As<CelOptional>(0).Value ?? a[1]);
        table.Member("first", [List], CelType.Optional, a => CelValue.Optional(a.List(0).Items is [var first, ..] ? first : null));
        table.Member("last", [List], CelType.Optional, a => CelValue.Optional(a.List(0).Items is [.., var last] ? last : null));
    }

    private static CelValue Unwrap(CelList list)
    {
        var values = new List<CelValue>();
        foreach (var item in list.Items)
        {
            if (item is not CelOptional optional)
                return new CelError(CelErrorReason.NoSuchOverload, $"no such overload: unwrap of a list with a {CelKinds.Name(item.Kind)}");
            if (optional.Value is not null)
                values.Add(optional.Value);
        }
        return new CelList(values);
    }

    private static bool IsZero(CelValue value) => value switch
    {
        CelNull => true,
        CelBool flag => !flag.Value,
        CelInt whole => whole.Value == 0,
        CelUint whole => whole.Value == 0,
        CelDouble real => real.Value == 0,
        CelDuration span => span.Nanoseconds == 0,
        CelString or CelBytes or CelList or CelMap => value.Size == 0,
        CelOptional optional => optional.Value is null,
        _ => false,
    };
}
