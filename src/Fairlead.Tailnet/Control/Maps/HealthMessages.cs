using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control.Health;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>What the server says is wrong, in either of its forms, as lines for people.</summary>
internal static class HealthMessages
{
    public static IReadOnlyList<string> Of(NetworkMap map) =>
        [.. map.Health.Select(ServerText.Clean), .. map.DisplayMessages.Values.Select(message => ServerText.Clean(TextOf(message)))];

    private static string TextOf(DisplayMessage message) =>
        message.Title.Length > 0 && message.Text.Length > 0 ? $"{message.Title}: {message.Text}" : message.Title + message.Text;
}
