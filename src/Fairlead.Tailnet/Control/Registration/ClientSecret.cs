using System.Diagnostics.CodeAnalysis;

namespace Fairlead.Tailnet.Control.Registration;

/// <summary>
/// An OAuth client's secret given in the place of an auth key, as <c>tskey-client-…?ephemeral=false&amp;preauthorized=true</c>: an auth
/// key has to be made with it first. Its text never contains the secret.
/// </summary>
public sealed class ClientSecret
{
    private const string Prefix = "tskey-client-";

    private ClientSecret(string secret) => Secret = secret;

    public string Secret { get; }

    /// <summary>Whether nodes made with the key go when they are no longer connected; they do unless it says otherwise.</summary>
    public bool Ephemeral { get; private init; } = true;

    /// <summary>Whether nodes made with the key need no approval.</summary>
    public bool Preauthorized { get; private init; }

    /// <summary>API to make the key with.</summary>
    public Uri BaseUrl { get; private init; } = new("https://api.tailscale.com");

    /// <summary>Whether the text is a client secret, and not an auth key.</summary>
    /// <exception cref="FormatException">It is one, but its attributes are not understood. The message does not repeat the secret.</exception>
    public static bool TryParse(string text, [NotNullWhen(true)] out ClientSecret? secret)
    {
        ArgumentNullException.ThrowIfNull(text);
        secret = null;
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var (bare, attributes) = text.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? (text[..mark], text[(mark + 1)..]) : (text, "");
        secret = new ClientSecret(bare);
        foreach (var attribute in attributes.Split('&', StringSplitOptions.RemoveEmptyEntries)) secret = secret.With(attribute);
        return true;
    }

    public override string ToString() => nameof(ClientSecret);

    private ClientSecret With(string attribute)
    {
        var parts = attribute.Split('=', 2);
        var (name, value) = (Uri.UnescapeDataString(parts[0]), parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "");
        return name switch
        {
            "ephemeral" => Copy(ephemeral: Flag(name, value)),
            "preauthorized" => Copy(preauthorized: Flag(name, value)),
            "baseURL" => Copy(baseUrl: Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "https" or "http"
                ? url
                : throw new FormatException("The attribute baseURL of the client secret is no http or https URL.")),
            _ => throw new FormatException($"The client secret has the unknown attribute \"{name}\"; known are ephemeral, preauthorized and baseURL."),
        };
    }

    private ClientSecret Copy(bool? ephemeral = null, bool? preauthorized = null, Uri? baseUrl = null) => new(Secret)
    {
        Ephemeral = ephemeral ?? Ephemeral,
        Preauthorized = preauthorized ?? Preauthorized,
        BaseUrl = baseUrl ?? BaseUrl,
    };

    private static bool Flag(string name, string value) => value.ToLowerInvariant() switch
    {
        "true" or "t" or "1" => true,
        "false" or "f" or "0" => false,
        _ => throw new FormatException($"The attribute {name} of the client secret is neither true nor false."),
    };
}
