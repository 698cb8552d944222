using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Operator.Proxies;

namespace Fairlead.DevSessions;

/// <summary>What a proxy says of its device in its Secret.</summary>
internal static class DeviceState
{
    /// <summary>The device's name without a final dot; null while it is not on the tailnet or does not forward.</summary>
    public static string? NameIn(JsonObject? secret) => Value(secret, ProxyStateKeys.DeviceFqdn)?.TrimEnd('.');

    public static IReadOnlyList<string> AddressesIn(JsonObject? secret)
    {
        try
        {
            return Value(secret, ProxyStateKeys.DeviceIps) is { } text && JsonNode.Parse(text) is JsonArray addresses
                ? [.. addresses.Select(address => address?.ToString() ?? "")]
                : [];
        }
        catch (JsonException)
        {
            // Somebody else wrote it.
            return [];
        }
    }

    private static string? Value(JsonObject? secret, string key) =>
        (string?)secret?["data"]?[key] is { } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : null;
}
