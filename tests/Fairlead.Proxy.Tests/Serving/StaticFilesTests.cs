using Fairlead.Proxy.Serving;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class StaticFilesTests : ServingTest
{
    [Fact]
    public async Task Files_and_folders_are_shown_and_nothing_beside_them()
    {
        var files = Folder.CreateSubdirectory("files");
        var site = files.CreateSubdirectory("site");
        await WriteAsync(Folder, "secret.txt", "not for you");
        await WriteAsync(Folder, "files-too.txt", "not for you");
        await WriteAsync(files, "note.txt", "a note");
        await WriteAsync(files, "a & b.bin", "bytes");
        await WriteAsync(site, "index.html", "<p>home</p>");
        Serve($$"""
            { "TCP": { "80": { "HTTP": true } },
              "Web": { "app:80": { "Handlers": { "/files/": { "Path": "{{files.FullName}}" }, "/one": { "Path": "{{files.FullName}}/note.txt" } } } } }
            """);
        var laptop = await StartAsync();

        var note = await AskAsync("/files/note.txt");
        Assert.StartsWith("HTTP/1.1 200 ", note, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain", note, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 6\r\n", note, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na note", note, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\na note", await AskAsync("/one"), StringComparison.Ordinal);
        Assert.Contains("application/octet-stream", await AskAsync("/files/a%20%26%20b.bin"), StringComparison.Ordinal);

        var list = await AskAsync("/files/");
        Assert.Contains("<a href=\"a%20%26%20b.bin\">a &amp; b.bin</a>", list, StringComparison.Ordinal);
        Assert.Contains("<a href=\"site/\">site/</a>", list, StringComparison.Ordinal);
        Assert.EndsWith("<p>home</p>", await AskAsync("/files/site/"), StringComparison.Ordinal);

        var head = await AskAsync("/files/note.txt", "HEAD");
        Assert.Contains("Content-Length: 6\r\n", head, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", head, StringComparison.Ordinal);
        var post = await AskAsync("/files/note.txt", "DELETE");
        Assert.StartsWith("HTTP/1.1 405 ", post, StringComparison.Ordinal);
        Assert.Contains("Allow: GET, HEAD\r\n", post, StringComparison.Ordinal);

        foreach (var attempt in (string[])
            ["/files/../secret.txt", "/files/%2e%2e/secret.txt", "/files/..%2fsecret.txt", "/files/%2e%2e%2fsecret.txt", "/files/site/../../secret.txt", "/files/..\\secret.txt", "/files//../secret.txt", "/files/../files-too.txt", $"/files/{Folder.FullName}/secret.txt", "/files/none", "/one/../secret.txt"])
        {
            var answer = await AskAsync(attempt);
            Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("not for you", answer, StringComparison.Ordinal);
        }

        async Task<string> AskAsync(string path, string method = "GET")
        {
            await using var connection = await laptop.DialAsync("app", 80, Stop);
            return await ServingTest.AskAsync(connection, "app", path, method);
        }
    }

    /// <summary>The server in front normalises paths; whatever reaches the files all the same does not leave them.</summary>
    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/../files-too/secret.txt")]
    [InlineData("/site/../../secret.txt")]
    public async Task A_path_that_leads_out_of_the_folder_finds_nothing(string below)
    {
        var files = Folder.CreateSubdirectory("files");
        files.CreateSubdirectory("site");
        await WriteAsync(Folder, "secret.txt", "not for you");
        await WriteAsync(Folder.CreateSubdirectory("files-too"), "secret.txt", "not for you");
        var context = new DefaultHttpContext { Request = { Method = "GET" } };

        await StaticFiles.SendAsync(context, files.FullName, below);

        Assert.Equal(404, context.Response.StatusCode);
    }

    private static Task WriteAsync(DirectoryInfo folder, string name, string text) => File.WriteAllTextAsync(Path.Combine(folder.FullName, name), text, Stop);
}
