using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Serving;

/// <summary>What a device serves, in tailscaled's form: by port how connections are taken, by host and port which paths lead where.</summary>
/// <remarks>Generated deserialisation gives null to what is absent; the setters make that the default.</remarks>
internal sealed record ServeConfig
{
    public static ServeConfig Empty { get; } = new();

    [JsonPropertyName("TCP")]
    public ImmutableDictionary<string, PortHandler> Tcp { get; init => field = value ?? ImmutableDictionary<string, PortHandler>.Empty; } = ImmutableDictionary<string, PortHandler>.Empty;

    /// <summary>By <c>host:port</c>.</summary>
    [JsonPropertyName("Web")]
    public ImmutableDictionary<string, WebServer> Web { get; init => field = value ?? ImmutableDictionary<string, WebServer>.Empty; } = ImmutableDictionary<string, WebServer>.Empty;

    /// <summary>By a Tailscale Service's name, as <c>svc:web</c>: what its own addresses serve.</summary>
    [JsonPropertyName("Services")]
    public ImmutableDictionary<string, ServeConfig> Services { get; init => field = value ?? ImmutableDictionary<string, ServeConfig>.Empty; } = ImmutableDictionary<string, ServeConfig>.Empty;

    /// <exception cref="FormatException">It is none; the message names the place.</exception>
    public static ServeConfig Parse(string json)
    {
        try
        {
            var config = JsonSerializer.Deserialize(json, ServeConfigJson.Default.ServeConfig) ?? Empty;
            ServeConfigRules.Check(config);
            return config;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The serve configuration cannot be read at {e.Path ?? "its beginning"}, line {e.LineNumber + 1}.");
        }
    }
}
