using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;

namespace Fairlead.Kubernetes.Yaml;

/// <summary>
/// What an unquoted scalar stands for. The rules are those of kubectl (YAML 1.1): <c>yes</c>, <c>no</c>, <c>on</c>, <c>off</c>, <c>y</c> and
/// <c>n</c> are Booleans, <c>0777</c> is octal, and dates stay strings.
/// </summary>
internal static class YamlScalar
{
    private static readonly SearchValues<char> FloatCharacters = SearchValues.Create("0123456789.eE+-");

    /// <returns>False if it is a string.</returns>
    /// <exception cref="FormatException">It is a number that JSON cannot express.</exception>
    public static bool TryResolve(string plain, out JsonNode? value)
    {
        value = null;
        switch (plain)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return true;
            case "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                value = JsonValue.Create(true);
                return true;
            case "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                value = JsonValue.Create(false);
                return true;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF" or ".nan" or ".NaN" or ".NAN":
                throw new FormatException($"{plain} cannot be written in JSON; quote it to make it a string");
        }

        if (!char.IsAsciiDigit(plain[0]) && plain[0] is not ('+' or '-' or '.'))
            return false;

        value = Number(plain.Replace("_", "", StringComparison.Ordinal));
        return value is not null;
    }

    private static JsonValue? Number(string text)
    {
        var negative = text.StartsWith('-');
        var digits = negative || text.StartsWith('+') ? text[1..] : text;
        if (digits.Length == 0)
            return null;

        if (Integer(digits) is { } magnitude)
        {
            var integer = negative ? -magnitude : magnitude;
            if (integer >= long.MinValue && integer <= long.MaxValue)
                return JsonValue.Create((long)integer);

            return integer.Sign > 0 && integer <= ulong.MaxValue ? JsonValue.Create((ulong)integer) : JsonValue.Create((double)integer);
        }

        // Go's number syntax needs a digit before or after the point; words such as "Infinity" are strings.
        const NumberStyles Float = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return !digits.AsSpan().ContainsAnyExcept(FloatCharacters)
            && double.TryParse(digits, Float, CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
                ? JsonValue.Create(negative ? -number : number)
                : null;
    }

    private static BigInteger? Integer(string digits)
    {
        if (digits is ['0', 'x' or 'X', .. var hex])
            return InBase(hex, 16);

        if (digits is ['0', 'b' or 'B', .. var binary])
            return InBase(binary, 2);

        if (digits is ['0', 'o' or 'O', .. var octal])
            return InBase(octal, 8);

        if (digits.Length > 1 && digits[0] == '0')
            return InBase(digits[1..], 8);

        return InBase(digits, 10);
    }

    private static BigInteger? InBase(string digits, int radix)
    {
        if (digits.Length == 0)
            return null;

        var result = BigInteger.Zero;
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit(c) || Convert.ToInt32(c.ToString(), 16) is var digit && digit >= radix)
                return null;

            result = (result * radix) + digit;
        }

        return result;
    }
}
