using System.Globalization;
using System.Net;
using System.Net.Mail;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Fairlead.Dev.Cluster.Schemas;

/// <summary>Formats of strings that an API server checks; any other format is only documentation.</summary>
internal static partial class StringFormats
{
    private const string UuidPattern = "^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\\z";

    private static readonly Dictionary<string, Func<string, bool>> Checks = new(StringComparer.Ordinal)
    {
        ["date"] = text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        ["datetime"] = IsDateTime,
        ["byte"] = text => text.Length > 0 && text.Length % 4 == 0 && Base64().IsMatch(text),
        ["ipv4"] = text => IsAddress(text, AddressFamily.InterNetwork),
        ["ipv6"] = text => IsAddress(text, AddressFamily.InterNetworkV6),
        ["cidr"] = IsCidr,
        ["uri"] = IsUri,
        ["email"] = text => MailAddress.TryCreate(text, out _),
        ["hostname"] = text => text.Length is > 0 and <= 255 && Hostname().IsMatch(text),
        ["mac"] = text => Mac().IsMatch(text),
        ["uuid"] = text => Uuid().IsMatch(text),
        ["uuid3"] = text => Uuid3().IsMatch(text),
        ["uuid4"] = text => Uuid4().IsMatch(text),
        ["uuid5"] = text => Uuid5().IsMatch(text),
        ["duration"] = GoDuration.IsValid,
        ["hexcolor"] = text => HexColor().IsMatch(text),
        ["rgbcolor"] = text => RgbColor().IsMatch(text),
        ["ssn"] = text => Ssn().IsMatch(text),
        ["creditcard"] = text => CreditCard().IsMatch(NonDigits().Replace(text, "")),
        ["isbn"] = text => Isbn.IsIsbn10(text) || Isbn.IsIsbn13(text),
        ["isbn10"] = Isbn.IsIsbn10,
        ["isbn13"] = Isbn.IsIsbn13,
        ["bsonobjectid"] = text => BsonObjectId().IsMatch(text),
        ["k8sshortname"] = text => text.Length <= 63 && ShortName().IsMatch(text),
        ["k8slongname"] = text => text.Length <= 253 && LongName().IsMatch(text),
    };

    /// <summary>False when the format is one that is checked and the text does not have it. Dashes in format names do not count.</summary>
    public static bool Matches(string format, string text) =>
        !Checks.TryGetValue(format.Replace("-", "", StringComparison.Ordinal), out var check) || check(text);

    private static bool IsDateTime(string text) =>
        DateTimeShape().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    // Spaces and control characters must be escaped; .NET would forgive them.
    private static bool IsUri(string text) =>
        !text.Any(c => c <= ' ' || c == '\x7f') && (text.StartsWith('/') || Uri.TryCreate(text, UriKind.Absolute, out _));

    private static bool IsAddress(string text, AddressFamily family) =>
        IPAddress.TryParse(text, out var address)
        && address.AddressFamily == family
        && !text.Contains('%', StringComparison.Ordinal)
        && (family == AddressFamily.InterNetworkV6 ? !text.StartsWith('[') : Ipv4().IsMatch(text));

    private static bool IsCidr(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !PrefixLength().IsMatch(text[(slash + 1)..]))
            return false;
        var bits = int.Parse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture);
        var address = text[..slash];
        return (IsAddress(address, AddressFamily.InterNetwork) && bits <= 32)
            || (IsAddress(address, AddressFamily.InterNetworkV6) && bits <= 128);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)\z", RegexOptions.ECMAScript)]
    private static partial Regex DateTimeShape();

    [GeneratedRegex(@"^[A-Za-z0-9+/]+={0,2}\z")]
    private static partial Regex Base64();

    // Leading zeros are refused: some readers take them for octal.
    [GeneratedRegex(@"^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}\z")]
    private static partial Regex Ipv4();

    [GeneratedRegex(@"^(0|[1-9][0-9]{0,2})\z")]
    private static partial Regex PrefixLength();

    // A single label, or labels that end in a top-level domain of letters.
    [GeneratedRegex(@"^([a-zA-Z0-9](-?[a-zA-Z0-9]{0,62})?|([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z]{2,63})\z")]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^([0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(\2[0-9a-fA-F]{2}){4}(\2[0-9a-fA-F]{2}){0,2}|[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4})\z")]
    private static partial Regex Mac();

    [GeneratedRegex(UuidPattern, RegexOptions.IgnoreCase)]
    private static partial Regex Uuid();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid3();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid4();

    [GeneratedRegex(@"^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}\z", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid5();

    [GeneratedRegex(@"^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\z")]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^rgb\(\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*(,\s*(0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])\s*){2}\)\z", RegexOptions.ECMAScript)]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"^[0-9]{3}[- ]?[0-9]{2}[- ]?[0-9]{4}\z")]
    private static partial Regex Ssn();

    [GeneratedRegex(@"^(4[0-9]{12}([0-9]{3})?|5[1-5][0-9]{14}|6(011|5[0-9]{2})[0-9]{12}|3[47][0-9]{13}|3(0[0-5]|[68][0-9])[0-9]{11}|(2131|1800|35[0-9]{3})[0-9]{11})\z")]
    private static partial Regex CreditCard();

    [GeneratedRegex("[^0-9]+")]
    private static partial Regex NonDigits();

    [GeneratedRegex(@"^[0-9a-fA-F]{24}\z")]
    private static partial Regex BsonObjectId();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex ShortName();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex LongName();
}
