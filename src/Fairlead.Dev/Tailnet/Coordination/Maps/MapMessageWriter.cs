using System.Buffers;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control.Maps;

namespace Fairlead.Dev.Tailnet.Coordination.Maps;

/// <summary>Puts a <see cref="MapMessage"/> together as JSON.</summary>
internal static class MapMessageWriter
{
    // What the envelope and a few patches take.
    private const int UsualSize = 4096;

    public static ReadOnlySpan<byte> Write(MapMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>(UsualSize + message.Peers.Sum(peer => peer.Length));
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }))
        {
            writer.WriteStartObject();
            if (message.SessionHandle is { } handle) writer.WriteString(nameof(MapResponse.MapSessionHandle), handle);
            if (message.Seq > 0) writer.WriteNumber(nameof(MapResponse.Seq), message.Seq);
            Part(writer, nameof(MapResponse.Node), message.Node);
            Part(writer, nameof(MapResponse.DERPMap), message.DerpMap);
            Parts(writer, nameof(MapResponse.Peers), message.Peers);
            Parts(writer, nameof(MapResponse.PeersChanged), message.PeersChanged);
            Parts(writer, nameof(MapResponse.PeersChangedPatch), message.PeersChangedPatch);
            if (message.PeersRemoved.Count > 0)
            {
                writer.WriteStartArray(nameof(MapResponse.PeersRemoved));
                foreach (var id in message.PeersRemoved) writer.WriteNumberValue(id);
                writer.WriteEndArray();
            }
            Part(writer, nameof(MapResponse.DNSConfig), message.DnsConfig);
            if (message.Domain is { } domain) writer.WriteString(nameof(MapResponse.Domain), domain);
            Part(writer, nameof(MapResponse.PacketFilter), message.PacketFilter);
            Parts(writer, nameof(MapResponse.UserProfiles), message.UserProfiles);
            if (message.ControlTime is { } time) writer.WriteString(nameof(MapResponse.ControlTime), time.UtcDateTime);
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan;
    }

    private static void Part(Utf8JsonWriter writer, string name, byte[]? json)
    {
        if (json is null) return;
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }

    private static void Parts(Utf8JsonWriter writer, string name, List<byte[]> parts)
    {
        if (parts.Count == 0) return;
        writer.WriteStartArray(name);
        foreach (var json in parts) writer.WriteRawValue(json, skipInputValidation: true);
        writer.WriteEndArray();
    }
}
