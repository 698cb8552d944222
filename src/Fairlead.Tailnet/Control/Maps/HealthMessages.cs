using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control.Health;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>What a network map says is wrong, as lines for people.</summary>
internal static class HealthMessages
{
    private const string Locked = "The tailnet uses tailnet lock, which this node does not check: it trusts the coordination server to name its peers.";

    public static IReadOnlyList<string> Of(NetworkMap map) =>
    [
        .. map.Health.Select(ServerText.Clean),
        .. map.DisplayMessages.Values.Select(message => ServerText.Clean(TextOf(message))),
        .. map.TailnetLock is { Disabled: false, Head.Length: > 0 } ? (ReadOnlySpan<string>)[Locked] : [],
    ];

    private static string TextOf(DisplayMessage message) =>
        message.Title.Length > 0 && message.Text.Length > 0 ? $"{message.Title}: {message.Text}" : message.Title + message.Text;
}
