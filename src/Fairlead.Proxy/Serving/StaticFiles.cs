using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;

namespace Fairlead.Proxy.Serving;

/// <summary>Answers with files of this machine.</summary>
internal static class StaticFiles
{
    private static readonly FileExtensionContentTypeProvider ContentTypes = new();

    /// <param name="root">A file, or a folder whose files and lists of names are shown.</param>
    /// <param name="below">The request's path below it.</param>
    public static async Task SendAsync(HttpContext context, string root, string below)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = "GET, HEAD";
            return;
        }

        var folder = Path.GetFullPath(root);
        var path = Path.GetFullPath(Path.Combine(folder, below.TrimStart('/')));
        var isInside = path == folder || path.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal);
        if (isInside && File.Exists(path))
        {
            await SendFileAsync(context, path, ContentTypes.TryGetContentType(path, out var type) ? type : "application/octet-stream").ConfigureAwait(false);
        }
        else if (isInside && Directory.Exists(path))
        {
            await SendFolderAsync(context, path).ConfigureAwait(false);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    private static async Task SendFileAsync(HttpContext context, string path, string type)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = new FileInfo(path).Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.SendFileAsync(path, context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static async Task SendFolderAsync(HttpContext context, string folder)
    {
        var index = Path.Combine(folder, "index.html");
        if (File.Exists(index))
        {
            await SendFileAsync(context, index, "text/html; charset=utf-8").ConfigureAwait(false);
            return;
        }

        var page = new StringBuilder("<!doctype html>\n<pre>\n");
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(entry) + (Directory.Exists(entry) ? "/" : "");
            page.Append("<a href=\"").Append(Uri.EscapeDataString(name).Replace("%2F", "/", StringComparison.Ordinal)).Append("\">").Append(HtmlEncoder.Default.Encode(name)).Append("</a>\n");
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(page.Append("</pre>\n").ToString(), context.RequestAborted).ConfigureAwait(false);
    }
}
