using System.Text.RegularExpressions;

namespace Fairlead.Tailnet.Control.Requests;

/// <summary>What a server says, made fit for logs and people.</summary>
internal static partial class ServerText
{
    private const int MaxLength = 200;

    /// <summary>Short, on one line, and without keys, which some servers repeat when they refuse them.</summary>
    public static string Clean(string text)
    {
        var line = string.Concat(text.Trim().Take(2 * MaxLength).Select(c => char.IsControl(c) ? ' ' : c));
        line = KeyPattern().Replace(line, "tskey-…");
        return line.Length <= MaxLength ? line : line[..MaxLength];
    }

    /// <summary>Whether a browser may be sent there.</summary>
    public static bool IsWebPage(string url) => Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed.Scheme is "https" or "http";

    [GeneratedRegex("tskey-[A-Za-z0-9_-]+", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();
}
