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
            config.Validate("");
            return config;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The serve configuration cannot be read at {e.Path ?? "its beginning"}, line {e.LineNumber + 1}.");
        }
    }

    private void Validate(string where)
    {
        foreach (var (port, handler) in Tcp)
        {
            if (!ushort.TryParse(port, out var number) || number == 0)
            {
                throw new FormatException($"The serve configuration has {where}TCP[\"{port}\"], which is no port.");
            }

            if (!handler.Https && !handler.Http && handler.TcpForward.Length == 0)
            {
                throw new FormatException($"The serve configuration's {where}TCP[\"{port}\"] does nothing; set HTTPS, HTTP or TCPForward.");
            }
        }

        foreach (var (host, server) in Web)
        {
            foreach (var (path, handler) in server.Handlers)
            {
                if (!path.StartsWith('/'))
                {
                    throw new FormatException($"The serve configuration's {where}Web[\"{host}\"] has the path '{path}'; paths begin with '/'.");
                }

                if (handler.Proxy.Length > 0 && ProxyTarget.TryParse(handler.Proxy) is null)
                {
                    throw new FormatException($"The serve configuration's {where}Web[\"{host}\"].Handlers[\"{path}\"].Proxy is '{handler.Proxy}'; write http://, https:// or https+insecure:// with a host, or a port.");
                }
            }
        }

        foreach (var (name, service) in Services)
        {
            service.Validate($"Services[\"{name}\"].");
        }
    }
}
