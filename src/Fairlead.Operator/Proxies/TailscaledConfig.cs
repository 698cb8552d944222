using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fairlead.Tailscale;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// tailscaled's configuration file (version <c>alpha0</c>) of a standalone proxy. The proxy picks the highest
/// <c>cap-N.hujson</c> it understands from its Secret.
/// </summary>
public sealed record TailscaledConfig
{
    public required string Hostname { get; init; }

    public required string ServerUrl { get; init; }

    /// <summary>Null once the device is registered.</summary>
    public SecretText? AuthKey { get; init; }

    public bool AcceptRoutes { get; init; }

    /// <summary>Networks that the device leads to, as CIDR texts. A running device keeps those it has when there are none here.</summary>
    public ImmutableArray<string> AdvertiseRoutes { get; init; } = [];

    public bool IsAppConnector { get; init; }

    /// <summary>
    /// Capability versions a file is written for: 95 is the oldest that reads these files; since 107 a missing
    /// <c>AppConnector</c> would leave an earlier advertisement on.
    /// </summary>
    public static readonly IReadOnlyList<int> CapabilityVersions = [95, 107];

    public static string FileName(int capabilityVersion) => $"cap-{capabilityVersion}.hujson";

    /// <summary>The file's content for proxies of at least <paramref name="capabilityVersion"/>.</summary>
    public byte[] ToJson(int capabilityVersion)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("Version", "alpha0");
            json.WriteBoolean("Locked", false);
            json.WriteString("ServerURL", ServerUrl);
            if (AuthKey is { } key)
            {
                json.WriteString("AuthKey", key.Reveal());
            }

            json.WriteString("Hostname", Hostname);
            json.WriteBoolean("acceptDNS", false);
            json.WriteBoolean("acceptRoutes", AcceptRoutes);
            if (!AdvertiseRoutes.IsEmpty)
            {
                json.WriteStartArray("AdvertiseRoutes");
                foreach (var route in AdvertiseRoutes)
                {
                    json.WriteStringValue(route);
                }

                json.WriteEndArray();
            }

            if (capabilityVersion >= 107)
            {
                json.WriteStartObject("AppConnector");
                json.WriteBoolean("Advertise", IsAppConnector);
                json.WriteEndObject();
            }

            json.WriteBoolean("NoStatefulFiltering", true);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
