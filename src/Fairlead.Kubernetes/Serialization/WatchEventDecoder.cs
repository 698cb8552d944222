using System.Buffers;
using System.Net;
using System.Text.Json;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Serialization;

/// <summary>Reads one line of a watch.</summary>
internal static class WatchEventDecoder
{
    private const string InitialEventsEndAnnotation = "k8s.io/initial-events-end";

    /// <param name="path">Of the watch, for errors.</param>
    /// <param name="known">Finds the object in exactly this version, so that it need not be decoded; returns null for others.</param>
    /// <exception cref="KubernetesApiException">The line is an error event.</exception>
    /// <exception cref="JsonException">The line is no watch event of this type.</exception>
    public static WatchEvent<T> Decode<T>(ResourceType<T> type, in ReadOnlySequence<byte> line, string path, Func<ObjectKey, string, T?>? known = null)
        where T : class, IKubernetesObject
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("Expected a watch event.");

        string? kind = null;
        var objectReader = default(Utf8JsonReader);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                kind = InternedStringConverter.Read(ref reader);
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                if (kind is not null)
                    return DecodeObject(type, kind, ref reader, path, known);

                // Servers send the type first; whoever does not costs a second look at the object.
                objectReader = reader;
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (kind is null || objectReader.TokenType == JsonTokenType.None)
            throw new JsonException("A watch event needs a type and an object.");

        return DecodeObject(type, kind, ref objectReader, path, known);
    }

    private static WatchEvent<T> DecodeObject<T>(
        ResourceType<T> type, string kind, ref Utf8JsonReader reader, string path, Func<ObjectKey, string, T?>? known)
        where T : class, IKubernetesObject
    {
        switch (kind)
        {
            case "ADDED":
                return Known(WatchEventType.Added, reader, known) ?? Change(WatchEventType.Added, type, ref reader);
            case "MODIFIED":
                return Known(WatchEventType.Modified, reader, known) ?? Change(WatchEventType.Modified, type, ref reader);
            case "DELETED":
                return Change(WatchEventType.Deleted, type, ref reader);
            case "BOOKMARK":
                // The object of a bookmark is hollow: only its metadata means something, and required members may be missing.
                var bookmark = JsonSerializer.Deserialize(ref reader, KubernetesJsonContext.Default.PartialObjectMetadata);
                var metadata = bookmark?.Metadata ?? ObjectMeta.Empty;
                var initialEventsEnd = metadata.Annotations?.GetValueOrDefault(InitialEventsEndAnnotation) == "true";
                return new WatchEvent<T>(WatchEventType.Bookmark, null, metadata.ResourceVersion ?? "", initialEventsEnd);
            case "ERROR":
                var status = JsonSerializer.Deserialize(ref reader, KubernetesJsonContext.Default.Status) ?? new Status();
                var code = status.Code is { } given and >= 400 ? (HttpStatusCode)given : HttpStatusCode.InternalServerError;
                var retryAfter = status.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
                throw new KubernetesApiException(code, status, retryAfter, "WATCH", path);
            default:
                throw new JsonException($"'{kind}' is not a type of watch event.");
        }
    }

    private static WatchEvent<T> Change<T>(WatchEventType change, ResourceType<T> type, ref Utf8JsonReader reader)
        where T : class, IKubernetesObject
    {
        var value = JsonSerializer.Deserialize(ref reader, type.Json) ?? throw new JsonException("A watch event needs an object.");
        return new WatchEvent<T>(change, value, value.Metadata.ResourceVersion ?? "");
    }

    private static WatchEvent<T>? Known<T>(WatchEventType change, Utf8JsonReader reader, Func<ObjectKey, string, T?>? known)
        where T : class, IKubernetesObject =>
        known is not null && ObjectVersion.Read(reader) is (var key, { } version) && known(key, version) is { } value
            ? new WatchEvent<T>(change, value, version)
            : null;
}
