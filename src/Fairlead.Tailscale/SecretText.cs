using System.Text.Json.Serialization;

namespace Fairlead.Tailscale;

/// <summary>
/// A secret that does not show itself: <see cref="ToString"/>, interpolation, structured logging and debugger views give
/// a placeholder. Only <see cref="Reveal"/> gives the text, which makes every use of it easy to find.
/// </summary>
[JsonConverter(typeof(SecretTextConverter))]
public sealed class SecretText
{
    private readonly string _text;

    public SecretText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        _text = text;
    }

    /// <summary>The secret itself. Never log it or put it into an exception, a command line or an object anyone can read.</summary>
    public string Reveal() => _text;

    public override string ToString() => "[hidden]";
}
