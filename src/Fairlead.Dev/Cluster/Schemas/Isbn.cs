namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Check digits of book numbers; dashes and spaces may separate the groups.</summary>
internal static class Isbn
{
    public static bool IsIsbn10(string text)
    {
        var digits = Strip(text);
        if (digits.Length != 10)
            return false;
        var sum = 0;
        for (var i = 0; i < 10; i++)
        {
            var digit = i == 9 && digits[i] == 'X' ? 10 : Digit(digits[i]);
            if (digit < 0)
                return false;
            sum += digit * (10 - i);
        }

        return sum % 11 == 0;
    }

    public static bool IsIsbn13(string text)
    {
        var digits = Strip(text);
        if (digits.Length != 13 || !digits.All(char.IsAsciiDigit))
            return false;
        return digits.Select((c, i) => Digit(c) * (i % 2 == 0 ? 1 : 3)).Sum() % 10 == 0;
    }

    private static int Digit(char c) => char.IsAsciiDigit(c) ? c - '0' : -1;

    private static string Strip(string text) =>
        text.Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
}
