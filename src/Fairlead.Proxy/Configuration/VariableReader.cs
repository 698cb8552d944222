using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Fairlead.Proxy.Configuration;

/// <summary>Reads single environment variables and collects what is wrong with them.</summary>
internal sealed class VariableReader(IReadOnlyDictionary<string, string> environment)
{
    public List<string> Problems { get; } = [];

    /// <summary>Null if the variable is not set at all: for some, set but empty means something else.</summary>
    public string? TextOrNull(string name) => environment.TryGetValue(name, out var value) ? value.Trim() : null;

    public string Text(string name, string otherwise = "") => TextOrNull(name) is { Length: > 0 } value ? value : otherwise;

    /// <summary>The path of something that is mounted into the container.</summary>
    public string MountedPath(string name) => Mounted(Text(name));

    /// <summary>A secret, or where a mounted file has it: <c>file:</c> and its path.</summary>
    public string Secret(string name)
    {
        const string File = "file:";
        var text = Text(name);
        return text.StartsWith(File, StringComparison.Ordinal) ? File + Mounted(text[File.Length..]) : text;
    }

    public int Number(string name, int max)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max)
        {
            return number;
        }

        Problems.Add($"{name} is '{text}'; write a number from 0 to {max}.");
        return 0;
    }

    public ImmutableArray<string> Words(string name) =>
        [.. Text(name).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>One that cannot be read counts as the default, as upstream's images have it.</summary>
    public bool Flag(string name, bool otherwise) => TryParseFlag(Text(name)) ?? otherwise;

    /// <summary>The words for true and false that Go programs take.</summary>
    public static bool? TryParseFlag(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => null,
    };

    public IPAddress? Address(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (IPAddress.TryParse(text, out var address))
        {
            return address;
        }

        Problems.Add($"{name} is '{text}', which is no IP address.");
        return null;
    }

    public IPEndPoint? EndPoint(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (ParseEndPoint(text) is { } endPoint)
        {
            return endPoint;
        }

        Problems.Add($"{name} is '{text}'; write an IP address and a port, as 127.0.0.1:9002 or [::]:9002.");
        return null;
    }

    public TimeSpan Duration(string name, TimeSpan otherwise)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return otherwise;
        }

        if (GoDuration.TryParse(text, out var value) && value > TimeSpan.Zero)
        {
            return value;
        }

        Problems.Add($"{name} is '{text}'; write a duration such as 60s or 1m30s.");
        return otherwise;
    }

    public Uri? Url(string name)
    {
        var text = Text(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        Problems.Add($"{name} is '{text}', which is no http or https URL.");
        return null;
    }

    private string Mounted(string path) =>
        path.StartsWith('/') && Text(ProxyVariables.PodRoot) is { Length: > 0 } root ? Path.Join(root, path) : path;

    /// <summary>The Pod's own address is put before the port by Kubernetes, and an IPv6 one gets no brackets there.</summary>
    private static IPEndPoint? ParseEndPoint(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            return null;
        }

        var host = text[..colon].Trim('[', ']');
        return IPAddress.TryParse(host.Length == 0 ? "::" : host, out var address) ? new IPEndPoint(address, port) : null;
    }
}
