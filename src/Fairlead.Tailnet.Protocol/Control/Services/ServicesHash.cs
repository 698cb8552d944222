using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Fairlead.Tailnet.Protocol.Control.Services;

/// <summary>Fingerprint of the Services a node hosts: when it changes, the server asks the node for the list.</summary>
public static class ServicesHash
{
    /// <summary>Lower-case hexadecimal SHA-256 of the list as JSON with a newline behind it; empty for an empty list. The order counts.</summary>
    public static string Of(IReadOnlyList<VipService> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Count == 0) return "";
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, services);
        buffer.Write("\n"u8);
        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<VipService> services)
    {
        writer.WriteStartArray();
        foreach (var service in services)
        {
            writer.WriteStartObject();
            writer.WriteString("Name"u8, service.Name);
            writer.WritePropertyName("Ports"u8);
            WritePorts(writer, service.Ports);
            writer.WriteBoolean("Active"u8, service.Active);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WritePorts(Utf8JsonWriter writer, IReadOnlyList<ProtoPortRange> ports)
    {
        // Other implementations hash "no ports" as null, and the hashes must agree.
        if (ports.Count == 0)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartArray();
        foreach (var range in ports) writer.WriteStringValue(range.ToString());
        writer.WriteEndArray();
    }
}
