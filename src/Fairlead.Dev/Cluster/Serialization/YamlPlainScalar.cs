using System.Globalization;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Serialization;

/// <summary>What unquoted YAML text means to the API server, whose reader follows YAML 1.1: <c>yes</c> and <c>off</c> are booleans.</summary>
internal static partial class YamlPlainScalar
{
    /// <returns>Null, <see cref="bool"/>, <see cref="long"/>, <see cref="double"/>, or the text itself.</returns>
    public static object? Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return false;
            case ".nan" or ".NaN" or ".NAN":
                return double.NaN;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF":
                return double.PositiveInfinity;
            case "-.inf" or "-.Inf" or "-.INF":
                return double.NegativeInfinity;
        }

        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(digits) is { } integer)
            return integer;
        return FloatPattern().IsMatch(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : text;
    }

    private static long? Integer(string text)
    {
        if (DecimalPattern().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        var negative = text.StartsWith('-');
        var unsigned = text.AsSpan(negative || text.StartsWith('+') ? 1 : 0);
        return Magnitude(unsigned) is { } magnitude ? negative ? -magnitude : magnitude : null;
    }

    private static long? Magnitude(ReadOnlySpan<char> text)
    {
        if (text.StartsWith("0x") || text.StartsWith("0X"))
            return Parse(text[2..], NumberStyles.AllowHexSpecifier);
        if (text.StartsWith("0b"))
            return Parse(text[2..], NumberStyles.AllowBinarySpecifier);
        if (!OctalPattern().IsMatch(text))
            return null;
        var value = 0L;
        foreach (var digit in text.TrimStart("0o"))
            value = (value << 3) | (long)(digit - '0');
        return value;
    }

    private static long? Parse(ReadOnlySpan<char> digits, NumberStyles style) =>
        long.TryParse(digits, style, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number : null;

    [GeneratedRegex(@"\A[-+]?(0|[1-9][0-9]*)\z")]
    private static partial Regex DecimalPattern();

    // 20 digits after the zero would not fit into 63 bits.
    [GeneratedRegex(@"\A0o?[0-7]{1,20}\z")]
    private static partial Regex OctalPattern();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex FloatPattern();
}
