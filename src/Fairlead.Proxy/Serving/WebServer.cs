using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Fairlead.Proxy.Serving;

/// <summary>What one host name and port serves over HTTP.</summary>
internal sealed record WebServer
{
    /// <summary>By the path under which each is mounted; the longest that fits a request takes it.</summary>
    [JsonPropertyName("Handlers")]
    public ImmutableDictionary<string, WebHandler> Handlers { get; init => field = value ?? ImmutableDictionary<string, WebHandler>.Empty; } = ImmutableDictionary<string, WebHandler>.Empty;

    /// <summary>The handler for a path, and where it is mounted.</summary>
    public (string Mount, WebHandler Handler)? HandlerFor(string path)
    {
        for (var mount = path; ;)
        {
            if (Handlers.TryGetValue(mount, out var exact))
            {
                return (mount, exact);
            }

            var folder = mount.TrimEnd('/');
            if (folder.Length > 0 && folder.Length < mount.Length && Handlers.TryGetValue(folder, out var file))
            {
                return (folder, file);
            }

            if (folder.Length == 0)
            {
                return null;
            }

            // "/a/b" may be mounted as "/a/b", "/a/", "/a" or "/".
            mount = folder[..(folder.LastIndexOf('/') + 1)];
        }
    }
}
