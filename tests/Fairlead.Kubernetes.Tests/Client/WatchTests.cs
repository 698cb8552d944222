using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class WatchTests
{
    [Fact]
    public async Task Changes_and_bookmarks_arrive_in_order_with_their_versions()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Lines(
            Event("ADDED", "a", 5),
            Event("MODIFIED", "a", 6),
            """{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"8","creationTimestamp":null,"annotations":{"k8s.io/initial-events-end":"true"}},"spec":{"containers":null},"status":{}}}""",
            Event("DELETED", "a", 9)));
        using var client = server.Client();

        var changes = await ReadAsync(client, new WatchOptions { ResourceVersion = "4", TimeoutSeconds = 60 });

        Assert.Equal(
            [(WatchEventType.Added, "5"), (WatchEventType.Modified, "6"), (WatchEventType.Bookmark, "8"), (WatchEventType.Deleted, "9")],
            changes.Select(change => (change.Type, change.ResourceVersion)));
        Assert.True(changes[2].InitialEventsEnd);
        Assert.Null(changes[2].Object);
        Assert.Equal("?watch=true&resourceVersion=4&allowWatchBookmarks=true&timeoutSeconds=60", Assert.Single(server.Requests).Query);
    }

    [Fact]
    public async Task Events_may_be_cut_into_pieces_of_any_size()
    {
        await using var server = await AnsweringServer.StartAsync();
        var text = Encoding.UTF8.GetBytes(Event("ADDED", "grün", 5) + "\n" + Event("ADDED", new string('x', 40_000), 6) + "\n\r\n" + Event("ADDED", "last", 7) + "\n");
        server.Answer(async context =>
        {
            for (var i = 0; i < text.Length; i += 997)
            {
                await context.Response.Body.WriteAsync(text.AsMemory(i, Math.Min(997, text.Length - i)));
                await context.Response.Body.FlushAsync();
            }
        });
        using var client = server.Client();

        var changes = await ReadAsync(client);

        Assert.Equal(["grün", new string('x', 40_000), "last"], changes.Select(change => change.Object!.Metadata.Name));
    }

    [Fact]
    public async Task The_type_may_follow_the_object()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Lines("""{"object":{"metadata":{"name":"a","resourceVersion":"5"}},"later":[1],"type":"ADDED"}"""));
        using var client = server.Client();

        Assert.Equal("a", Assert.Single(await ReadAsync(client)).Object?.Metadata.Name);
    }

    [Fact]
    public async Task An_error_event_is_an_error_of_the_api()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Lines(Event("ADDED", "a", 5), $$"""{"type":"ERROR","object":{{AnsweringServer.Failure(410, "Expired", "too old resource version: 1 (5)")}}}"""));
        using var client = server.Client();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => ReadAsync(client));

        Assert.True(error.IsGone);
        Assert.Equal("Expired", error.Reason);
    }

    [Fact]
    public async Task A_refused_watch_is_an_error_of_the_api()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(403, "Forbidden"), 403);
        using var client = server.Client();

        Assert.Equal(HttpStatusCode.Forbidden, (await Assert.ThrowsAsync<KubernetesApiException>(() => ReadAsync(client))).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_cut_connection_is_an_error_of_the_connection(bool http2)
    {
        using var certificates = new TestCertificates();
        await using var server = await AnsweringServer.StartAsync(http2 ? certificates.ForServer("127.0.0.1") : null);
        server.Answer(async context =>
        {
            await context.Response.WriteAsync(Event("ADDED", "a", 5) + "\n");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        using var client = Connect(server, certificates, new KubernetesClientOptions { MaxAttempts = 1 });

        var error = await Assert.ThrowsAsync<KubernetesConnectionException>(() => ReadAsync(client));

        Assert.Equal(server.Address, error.Server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_watch_outlives_the_request_timeout_and_ends_when_cancelled(bool http2)
    {
        using var certificates = new TestCertificates();
        await using var server = await AnsweringServer.StartAsync(http2 ? certificates.ForServer("127.0.0.1") : null);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        server.Answer(async context =>
        {
            await context.Response.WriteAsync(Event("ADDED", "a", 5) + "\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(1200), context.RequestAborted);
            await context.Response.WriteAsync(Event("ADDED", "b", 6) + "\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        using var client = Connect(server, certificates, new KubernetesClientOptions { RequestTimeout = TimeSpan.FromSeconds(1) });

        var names = new List<string?>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var change in client.For(KubernetesResources.Pods).WatchAsync(null, cancellationToken: cancellation.Token))
            {
                names.Add(change.Object?.Metadata.Name);
                if (names.Count == 2)
                    await cancellation.CancelAsync();
            }
        });

        Assert.Equal(["a", "b"], names);
    }

    [Fact]
    public async Task A_streaming_list_is_asked_for_with_its_match_rule()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Lines());
        using var client = server.Client();

        await ReadAsync(client, new WatchOptions { SendInitialEvents = true });

        Assert.Equal("?watch=true&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", Assert.Single(server.Requests).Query);
    }

    private static KubernetesClient Connect(AnsweringServer server, TestCertificates certificates, KubernetesClientOptions options) =>
        new(new ClusterConfiguration { Server = server.Address, CertificateAuthorities = [X509CertificateLoader.LoadCertificate(certificates.Authority.RawData)] }, options);

    private static async Task<List<WatchEvent<Pod>>> ReadAsync(KubernetesClient client, WatchOptions? options = null)
    {
        var changes = new List<WatchEvent<Pod>>();
        await foreach (var change in client.For(KubernetesResources.Pods).WatchAsync("shop", options, TestContext.Current.CancellationToken))
            changes.Add(change);

        return changes;
    }

    private static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string Event(string type, string name, int version) =>
        $$$"""{"type":"{{{type}}}","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"{{{name}}}","namespace":"shop","resourceVersion":"{{{version}}}"} } }""";
}
