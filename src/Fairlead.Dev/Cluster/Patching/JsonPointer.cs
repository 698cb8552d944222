using System.Collections.Immutable;
using System.Globalization;

namespace Fairlead.Dev.Cluster.Patching;

/// <summary>A location in a JSON document (RFC 6901).</summary>
internal sealed class JsonPointer
{
    private JsonPointer(string text, ImmutableArray<string> tokens)
    {
        Text = text;
        Tokens = tokens;
    }

    /// <summary>The pointer as it was written.</summary>
    public string Text { get; }

    /// <summary>Unescaped reference tokens; none for the whole document.</summary>
    public ImmutableArray<string> Tokens { get; }

    /// <exception cref="FormatException">The text is neither empty nor starts with a slash, or holds a bad escape.</exception>
    public static JsonPointer Parse(string text)
    {
        if (text.Length == 0)
            return new JsonPointer(text, []);
        if (text[0] != '/')
            throw new FormatException($"JSON pointer \"{text}\" must be empty or start with \"/\"");
        var tokens = ImmutableArray.CreateBuilder<string>();
        foreach (var token in text[1..].Split('/'))
            tokens.Add(Unescape(token, text));
        return new JsonPointer(text, tokens.ToImmutable());
    }

    /// <summary>True when this location is <paramref name="other"/> or lies above it.</summary>
    public bool IsPrefixOf(JsonPointer other) =>
        Tokens.Length <= other.Tokens.Length && Tokens.AsSpan().SequenceEqual(other.Tokens.AsSpan()[..Tokens.Length]);

    /// <summary>Array index named by a token; RFC 6901 allows no sign and no leading zero.</summary>
    public static bool TryParseIndex(string token, out int index)
    {
        index = -1;
        return (token.Length == 1 || !token.StartsWith('0'))
            && int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    private static string Unescape(string token, string text)
    {
        for (var i = token.IndexOf('~'); i >= 0; i = token.IndexOf('~', i + 1))
        {
            if (i + 1 == token.Length || token[i + 1] is not ('0' or '1'))
                throw new FormatException($"JSON pointer \"{text}\" has a \"~\" that is not followed by 0 or 1");
        }

        return token.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
    }
}
