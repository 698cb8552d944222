using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Listing;
using Fairlead.Dev.Cluster.Registry;
using Fairlead.Dev.Cluster.Storage;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>Writes answers. Stored objects go out as the bytes they are kept in.</summary>
internal static class ResponseWriter
{
    private const int FlushAt = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task FailureAsync(HttpContext http, ApiStatusException failure)
    {
        if (failure.RetryAfterSeconds is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return NodeAsync(http, failure.Code, StatusDocument.Failure(failure));
    }

    /// <summary>What paths outside any served API group get: plain text, which clients must cope with.</summary>
    public static Task NoPageAsync(HttpContext http) => TextAsync(http, 404, "404 page not found\n");

    public static async Task NodeAsync(HttpContext http, int code, JsonNode node, string contentType = "application/json")
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Options))
            node.WriteTo(writer);
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = buffer.WrittenCount + 1;
        buffer.Write("\n"u8);
        await http.Response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted).ConfigureAwait(false);
    }

    public static Task TextAsync(HttpContext http, int code, string text, string contentType = "text/plain; charset=utf-8") =>
        BytesAsync(http, code, Encoding.UTF8.GetBytes(text), contentType);

    public static async Task BytesAsync(HttpContext http, int code, byte[] bytes, string contentType)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = bytes.Length;
        await http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted).ConfigureAwait(false);
    }

    public static async Task ObjectAsync(HttpContext http, int code, ServedResource resource, StoredObject obj)
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = 2 + resource.TypeMembers.Length + obj.Body.Length;
        var output = http.Response.BodyWriter;
        Object(output, resource, obj);
        output.Write("\n"u8);
        await output.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }

    public static void Object(PipeWriter output, ServedResource resource, StoredObject obj)
    {
        output.Write("{"u8);
        output.Write(resource.TypeMembers.Span);
        output.Write(obj.Body.Span);
    }

    public static async Task ListAsync(HttpContext http, ServedResource resource, ListPage page)
    {
        http.Response.StatusCode = 200;
        http.Response.ContentType = "application/json";
        var output = http.Response.BodyWriter;
        output.Write(Encoding.UTF8.GetBytes(
            $"{{\"kind\":\"{resource.ListKind}\",\"apiVersion\":\"{resource.Definition.ApiVersion}\",\"metadata\":" +
            $"{ListMetadata(page).ToJsonString()},\"items\":["));
        var first = true;
        foreach (var item in page.Items)
        {
            if (!first)
                output.Write(","u8);
            first = false;

            // Items of built-in types carry no type of their own on a real server; clients must not count on one.
            if (resource.Definition.IsCustom)
            {
                Object(output, resource, item);
            }
            else
            {
                output.Write("{"u8);
                output.Write(item.Body.Span);
            }

            if (output.UnflushedBytes > FlushAt)
                await output.FlushAsync(http.RequestAborted).ConfigureAwait(false);
        }

        output.Write("]}\n"u8);
        await output.FlushAsync(http.RequestAborted).ConfigureAwait(false);
    }

    public static JsonObject ListMetadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Version.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is { } token)
            metadata["continue"] = token;
        if (page.Remaining is { } remaining)
            metadata["remainingItemCount"] = remaining;
        return metadata;
    }
}
