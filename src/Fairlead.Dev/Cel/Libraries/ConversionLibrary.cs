using System.Globalization;
using System.Text;
using Fairlead.Dev.Cel.Checking;
using Fairlead.Dev.Cel.Values;
using static Fairlead.Dev.Cel.CelKind;

namespace Fairlead.Dev.Cel.Libraries;

/// <summary><c>type</c>, <c>dyn</c>, <c>size</c> and the conversions named after their result.</summary>
internal static class ConversionLibrary
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void AddTo(CelFunctionTableBuilder table)
    {
        table.Global("type", [Dyn], CelType.Type, a => new CelTypeValue(a[0].Kind));
        table.Global("dyn", [Dyn], CelType.Dyn, a => a[0]);
        AddSize(table);
        AddInt(table);
        AddUint(table);
        AddDouble(table);
        AddText(table);
    }

    private static void AddSize(CelFunctionTableBuilder table)
    {
        table.Either("size", [CelKind.String], CelType.Int, a => CelValue.Of((long)CodePoints.Count(a.Text(0))));
        table.Either("size", [Bytes], CelType.Int, a => CelValue.Of((long)a.As<CelBytes>(0).Value.Length));
        table.Either("size", [List], CelType.Int, a => CelValue.Of((long)a.List(0).Items.Count));
        table.Either("size", [Map], CelType.Int, a => CelValue.Of((long)a.As<CelMap>(0).Keys.Count));
    }

    private static void AddInt(CelFunctionTableBuilder table)
    {
        table.Global("int", [Int], CelType.Int, a => a[0]);
        table.Global("int", [Uint], CelType.Int, a => Arithmetic.Whole(a.Uint(0)));
        // The reference implementation leaves out both ends of the range, which doubles cannot tell from their neighbours.
        table.Global("int", [CelKind.Double], CelType.Int, a => a.Double(0) is > long.MinValue and < long.MaxValue
            ? new CelInt((long)a.Double(0))
            : CelError.Overflow("integer"));
        table.Global("int", [CelKind.String], CelType.Int, a =>
            long.TryParse(a.Text(0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
                ? new CelInt(value)
                : CelError.Invalid($"type conversion error: '{a.Text(0)}' is no int"));
        table.Global("int", [Timestamp], CelType.Int, a => new CelInt(a.As<CelTimestamp>(0).Seconds));
        table.Global("int", [Duration], CelType.Int, a => new CelInt(a.As<CelDuration>(0).Nanoseconds));
    }

    private static void AddUint(CelFunctionTableBuilder table)
    {
        table.Global("uint", [Uint], CelType.Uint, a => a[0]);
        table.Global("uint", [Int], CelType.Uint, a => Arithmetic.Unsigned(a.Int(0)));
        table.Global("uint", [CelKind.Double], CelType.Uint, a => a.Double(0) is >= 0 and < ulong.MaxValue
            ? new CelUint((ulong)a.Double(0))
            : CelError.Overflow("unsigned integer"));
        table.Global("uint", [CelKind.String], CelType.Uint, a =>
            ulong.TryParse(a.Text(0), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? new CelUint(value)
                : CelError.Invalid($"type conversion error: '{a.Text(0)}' is no uint"));
    }

    private static void AddDouble(CelFunctionTableBuilder table)
    {
        table.Global("double", [CelKind.Double], CelType.Double, a => a[0]);
        table.Global("double", [Int], CelType.Double, a => CelValue.Of((double)a.Int(0)));
        table.Global("double", [Uint], CelType.Double, a => CelValue.Of((double)a.Uint(0)));
        table.Global("double", [CelKind.String], CelType.Double, a => ParseDouble(a.Text(0)));
    }

    private static void AddText(CelFunctionTableBuilder table)
    {
        table.Global("bool", [Bool], CelType.Bool, a => a[0]);
        table.Global("bool", [CelKind.String], CelType.Bool, a => a.Text(0) switch
        {
            "true" or "True" or "TRUE" or "t" or "1" => CelBool.True,
            "false" or "False" or "FALSE" or "f" or "0" => CelBool.False,
            _ => CelError.Invalid($"type conversion error: '{a.Text(0)}' is no bool"),
        });
        foreach (var kind in (ReadOnlySpan<CelKind>)[CelKind.String, Bool, Int, Uint, CelKind.Double, Timestamp, Duration])
            table.Global("string", [kind], CelType.String, a => a[0] as CelString ?? new CelString(a[0].ToString()!));
        table.Global("string", [Bytes], CelType.String, a => Decode(a.As<CelBytes>(0)));
        table.Global("bytes", [Bytes], CelType.Bytes, a => a[0]);
        table.Global("bytes", [CelKind.String], CelType.Bytes, a => new CelBytes(Encoding.UTF8.GetBytes(a.Text(0))));
        table.Global("timestamp", [Timestamp], CelType.Timestamp, a => a[0]);
        table.Global("timestamp", [Int], CelType.Timestamp, a => Arithmetic.Instant((Int128)a.Int(0) * CelDuration.PerSecond));
        table.Global("timestamp", [CelKind.String], CelType.Timestamp, a => CelTimestamp.TryParse(a.Text(0), out var instant)
            ? new CelTimestamp(instant)
            : CelError.Invalid($"type conversion error: '{a.Text(0)}' is no RFC 3339 time"));
        table.Global("duration", [Duration], CelType.Duration, a => a[0]);
        table.Global("duration", [Int], CelType.Duration, a => new CelDuration(a.Int(0)));
        table.Global("duration", [CelKind.String], CelType.Duration, a => CelDuration.TryParse(a.Text(0), out var span)
            ? new CelDuration(span)
            : CelError.Invalid($"type conversion error: '{a.Text(0)}' is no duration such as '1h30m'"));
    }

    private static CelValue ParseDouble(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var value))
            return CelValue.Of(value);
        return text switch
        {
            "NaN" => CelValue.Of(double.NaN),
            "Inf" or "+Inf" => CelValue.Of(double.PositiveInfinity),
            "-Inf" => CelValue.Of(double.NegativeInfinity),
            _ => CelError.Invalid($"type conversion error: '{text}' is no double"),
        };
    }

    private static CelValue Decode(CelBytes bytes)
    {
        try
        {
            return new CelString(StrictUtf8.GetString(bytes.Value.Span));
        }
        catch (ArgumentException)
        {
            return CelError.Invalid("invalid UTF-8 in bytes, cannot convert to string");
        }
    }
}
