using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Faults;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Storage;
using Fairlead.Dev.Cluster.Watching;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Sends a watch as one JSON document a line.</summary>
internal static class WatchStream
{
    public static async Task SendAsync(
        ApiRequest request, ServedResource resource, IAsyncEnumerable<IReadOnlyList<WatchEvent>> batches, ResponseKind kind,
        Func<StoredObject, bool, JsonObject>? convert, FaultInjector faults)
    {
        var http = request.Http;
        http.Response.StatusCode = 200;
        http.Response.ContentType = "application/json";
        await http.Response.StartAsync(http.RequestAborted).ConfigureAwait(false);
        var output = http.Response.BodyWriter;
        await output.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        var first = true;
        await foreach (var batch in batches.ConfigureAwait(false))
        {
            await faults.WhileSilencedAsync(request).ConfigureAwait(false);
            foreach (var e in batch)
            {
                Write(output, resource, e, kind, e.Object is null || convert is null ? null : convert(e.Object, first));
                first = first && e.Object is null;
            }

            await output.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void Write(PipeWriter output, ServedResource resource, WatchEvent e, ResponseKind kind, JsonObject? converted)
    {
        output.Write(Prefix(e.Type));
        if (e.Type == WatchEventType.Error)
            Write(output, StatusDocument.Failure(ApiErrors.Expired(
                string.Create(CultureInfo.InvariantCulture, $"too old resource version: {e.Version}"))));
        else if (e.Type == WatchEventType.Bookmark)
            Write(output, Bookmark(resource, e, kind));
        else if (converted is not null)
            Write(output, converted);
        else
            ResponseWriter.Object(output, resource, e.Object!);
        output.Write("}\n"u8);
    }

    private static ReadOnlySpan<byte> Prefix(WatchEventType type) => type switch
    {
        WatchEventType.Added => "{\"type\":\"ADDED\",\"object\":"u8,
        WatchEventType.Modified => "{\"type\":\"MODIFIED\",\"object\":"u8,
        WatchEventType.Deleted => "{\"type\":\"DELETED\",\"object\":"u8,
        WatchEventType.Bookmark => "{\"type\":\"BOOKMARK\",\"object\":"u8,
        _ => "{\"type\":\"ERROR\",\"object\":"u8,
    };

    private static JsonObject Bookmark(ServedResource resource, WatchEvent e, ResponseKind kind)
    {
        var metadata = new JsonObject { ["resourceVersion"] = e.Version.ToString(CultureInfo.InvariantCulture) };
        if (e.EndsInitialEvents)
            metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        return kind switch
        {
            ResponseKind.Table => new JsonObject
            {
                ["kind"] = "Table",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = metadata,
                ["columnDefinitions"] = new JsonArray(),
                ["rows"] = new JsonArray(),
            },
            ResponseKind.Metadata => new JsonObject
            {
                ["kind"] = "PartialObjectMetadata",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = metadata,
            },
            _ => new JsonObject
            {
                ["kind"] = resource.Definition.Kind,
                ["apiVersion"] = resource.Definition.ApiVersion,
                ["metadata"] = metadata,
            },
        };
    }

    private static void Write(PipeWriter output, JsonObject node) => output.Write(Encoding.UTF8.GetBytes(node.ToJsonString()));
}
