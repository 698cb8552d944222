using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Fairlead.Dev.Cel.Values;

/// <summary>An absolute URL or an absolute path, read as an HTTP request target is.</summary>
internal sealed class CelUrl : CelOpaque
{
    private const string Unreserved = "-_.~";

    /// <summary>Sub-delimiters and brackets, which a host name may hold unescaped.</summary>
    private const string HostCharacters = Unreserved + "!$&'()*+,;=:[]<>\"";

    private const string PathCharacters = Unreserved + "!$&'()*+,;=:@/[]";

    private readonly string _text;
    private readonly string _path;
    private readonly string _query;

    private CelUrl(string text, string scheme, string host, string path, string query)
    {
        _text = text;
        Scheme = scheme;
        Host = host;
        _path = path;
        _query = query;
    }

    public string Scheme { get; }

    /// <summary>The host with its port, if it has one.</summary>
    public string Host { get; }

    public string HostName => SplitPort(Host).Name.Trim('[', ']');

    public string Port => SplitPort(Host).Port;

    /// <summary>The path with every character escaped that must be.</summary>
    public string EscapedPath => _path.All(c => IsAllowed(c, PathCharacters + "%")) ? _path : Escape(_path);

    public override CelKind Kind => CelKind.Url;

    public static bool TryParse(string text, [NotNullWhen(true)] out CelUrl? url)
    {
        url = null;
        if (text.Length == 0 || text.Any(c => c < ' ' || c == '\x7F'))
            return false;
        var fragment = text.IndexOf('#', StringComparison.Ordinal);
        var rest = fragment < 0 ? text : text[..fragment];
        if (!TakeScheme(ref rest, out var scheme))
            return false;
        var question = rest.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : rest[(question + 1)..];
        rest = question < 0 ? rest : rest[..question];
        if (!rest.StartsWith('/'))
        {
            // With a scheme this is an opaque URL such as mailto:x, which has neither host nor path.
            if (scheme.Length == 0)
                return false;
            url = new CelUrl(text, scheme, "", "", query);
            return true;
        }
        var host = "";
        if (scheme.Length > 0 && rest.StartsWith("//", StringComparison.Ordinal))
        {
            var slash = rest.IndexOf('/', 2);
            var authority = slash < 0 ? rest[2..] : rest[2..slash];
            rest = slash < 0 ? "" : rest[slash..];
            if (!TakeHost(authority, out host))
                return false;
        }
        if (!TryUnescape(rest, plusIsSpace: false, out _))
            return false;
        url = new CelUrl(text, scheme, host, rest, query);
        return true;
    }

    /// <summary>The query's values by name; a malformed pair is left out.</summary>
    public CelMap Query()
    {
        var values = new Dictionary<string, List<CelValue>>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var pair in _query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? pair : pair[..equals];
            var value = equals < 0 ? "" : pair[(equals + 1)..];
            if (pair.Contains(';', StringComparison.Ordinal)
                || !TryUnescape(name, plusIsSpace: true, out name) || !TryUnescape(value, plusIsSpace: true, out value))
                continue;
            if (!values.TryGetValue(name, out var list))
            {
                values[name] = list = [];
                names.Add(name);
            }
            list.Add(new CelString(value));
        }
        return CelMap.From(names.Select(name => KeyValuePair.Create<CelValue, CelValue>(new CelString(name), new CelList(values[name]))));
    }

    public override bool EqualsOpaque(CelOpaque other) => other is CelUrl url && url._text == _text;

    public override string ToString() => _text;

    private static bool TakeScheme(ref string rest, out string scheme)
    {
        scheme = "";
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return true;
        var candidate = rest[..colon];
        if (candidate.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.')))
            return true;
        if (candidate.Length == 0)
            return false;
        if (!char.IsAsciiLetter(candidate[0]))
            return true;
        scheme = candidate.ToLowerInvariant();
        rest = rest[(colon + 1)..];
        return true;
    }

    private static bool TakeHost(string authority, out string host)
    {
        host = authority[(authority.LastIndexOf('@') + 1)..];
        var close = host.LastIndexOf(']');
        if (host.StartsWith('[') != close >= 0)
            return false;
        var afterName = close >= 0 ? host[(close + 1)..] : host.LastIndexOf(':') is var colon && colon >= 0 ? host[colon..] : "";
        var portIsValid = afterName.Length == 0 || (afterName[0] == ':' && afterName.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0);
        return portIsValid
            && TryUnescape(host, plusIsSpace: false, out host)
            && host.All(c => c > '\x7F' || IsAllowed(c, HostCharacters));
    }

    private static (string Name, string Port) SplitPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.IndexOf(']', colon) >= 0 ? (host, "") : (host[..colon], host[(colon + 1)..]);
    }

    private static bool IsAllowed(char character, string others) =>
        char.IsAsciiLetterOrDigit(character) || others.Contains(character, StringComparison.Ordinal);

    private static string Escape(string path)
    {
        TryUnescape(path, plusIsSpace: false, out var plain);
        var text = new StringBuilder();
        foreach (var octet in Encoding.UTF8.GetBytes(plain))
        {
            if (octet < 0x80 && IsAllowed((char)octet, Unreserved + "$&+,/:;=@"))
                text.Append((char)octet);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
        }
        return text.ToString();
    }

    private static bool TryUnescape(string text, bool plusIsSpace, out string plain)
    {
        plain = text;
        var octets = new List<byte>(text.Length);
        var encoded = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%')
            {
                if (i + 2 >= encoded.Length || !byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
                    return false;
                octets.Add(octet);
                i += 2;
                continue;
            }
            octets.Add(plusIsSpace && encoded[i] == '+' ? (byte)' ' : encoded[i]);
        }
        plain = Encoding.UTF8.GetString([.. octets]);
        return true;
    }
}
