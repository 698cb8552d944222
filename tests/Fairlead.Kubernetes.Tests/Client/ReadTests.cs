using System.Net;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class ReadTests
{
    private static readonly ObjectKey Web = new("shop", "web");

    [Fact]
    public async Task An_object_is_read_from_its_path()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"web","namespace":"shop","resourceVersion":"7"},"spec":{"clusterIP":"10.0.0.1"}}""");
        using var client = server.Client();

        var service = await client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken);

        Assert.Equal("10.0.0.1", service.Spec?.ClusterIP);
        Assert.Equal("/api/v1/namespaces/shop/services/web", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_missing_object_is_null_for_who_asks_so_and_an_error_otherwise()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(404, "NotFound"), 404).Answer(AnsweringServer.Failure(404, "NotFound", "services web not found"), 404);
        using var client = server.Client();
        var services = client.For(KubernetesResources.Services);

        Assert.Null(await services.TryGetAsync(Web, TestContext.Current.CancellationToken));
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => services.GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.True(error.IsNotFound);
        Assert.Equal("GET api/v1/namespaces/shop/services/web: 404 NotFound: services web not found", error.Message);
    }

    [Fact]
    public async Task Pages_are_followed_to_the_end()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Page("11", "next one&only", "a", "b")).Answer(Page("11", "", "c"));
        using var client = server.Client();

        var list = await client.For(KubernetesResources.Services).ListAllAsync(
            "shop", new ListOptions { PageSize = 2, LabelSelector = "app in (a,b)" }, TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b", "c"], list.Items.Select(item => item.Metadata.Name));
        Assert.Equal("11", list.ResourceVersion);
        Assert.Equal(
            ["?labelSelector=app%20in%20%28a%2Cb%29&limit=2", "?labelSelector=app%20in%20%28a%2Cb%29&limit=2&continue=next%20one%26only"],
            server.Requests.Select(request => request.Query));
    }

    [Fact]
    public async Task A_listing_starts_over_when_its_token_has_expired()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Page("11", "next", "stale")).Answer(AnsweringServer.Failure(410, "Expired"), 410).Answer(Page("20", "more", "a")).Answer(Page("20", "", "b"));
        using var client = server.Client();

        var list = await client.For(KubernetesResources.Services).ListAllAsync(null, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["a", "b"], list.Items.Select(item => item.Metadata.Name));
        Assert.Equal("20", list.ResourceVersion);
    }

    [Fact]
    public async Task A_listing_that_keeps_expiring_is_asked_for_in_one_piece()
    {
        await using var server = await AnsweringServer.StartAsync();
        for (var i = 0; i < 3; i++)
            server.Answer(Page("11", "next", "stale")).Answer(AnsweringServer.Failure(410, "Expired"), 410);

        server.Answer(Page("20", "", "a", "b"));
        using var client = server.Client();

        var list = await client.For(KubernetesResources.Services).ListAllAsync(null, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(2, list.Items.Count);
        Assert.Equal("", server.Requests.Last().Query);
    }

    [Fact]
    public async Task A_page_that_starts_the_listing_over_says_so()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Page("11", "next", "stale")).Answer(AnsweringServer.Failure(410, "Expired"), 410).Answer(Page("20", "", "a"));
        using var client = server.Client();

        var restarted = new List<bool>();
        await foreach (var page in client.For(KubernetesResources.Services).ListAsync(null, cancellationToken: TestContext.Current.CancellationToken))
            restarted.Add(page.Restarted);

        Assert.Equal([false, true], restarted);
    }

    [Fact]
    public async Task Metadata_alone_is_asked_for_in_its_own_media_type()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Page("1", "", "a"));
        using var client = server.Client();
        var type = KubernetesResources.Secrets.MetadataOnly();

        await client.For(type).ListAllAsync("shop", cancellationToken: TestContext.Current.CancellationToken);

        var request = Assert.Single(server.Requests);
        Assert.Equal("/api/v1/namespaces/shop/secrets", request.Path);
        Assert.Equal("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", request.Headers["Accept"]);
        Assert.IsType<ResourceType<PartialObjectMetadata>>(type);
    }

    [Fact]
    public async Task An_error_page_of_a_gateway_keeps_its_status()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("<html>Bad gateway</html>", 502, "text/html");
        using var client = server.Client();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.Equal(HttpStatusCode.BadGateway, error.StatusCode);
        Assert.Contains("Bad gateway", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_is_no_such_object_names_the_field()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("""{"metadata":{"name":"web"},"spec":{"ports":"none"}}""");
        using var client = server.Client();

        var error = await Assert.ThrowsAsync<InvalidDataException>(() => client.For(KubernetesResources.Services).GetAsync(Web, TestContext.Current.CancellationToken));

        Assert.Contains("$.spec.ports", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_without_a_namespace_cannot_be_addressed()
    {
        using var client = new KubernetesClient(new() { Server = new Uri("http://127.0.0.1:1") });

        var error = Assert.Throws<ArgumentException>(() => { _ = client.For(KubernetesResources.Services).GetAsync(new("", "web"), TestContext.Current.CancellationToken); });

        Assert.Contains("Service 'web'", error.Message, StringComparison.Ordinal);
    }

    private static string Page(string version, string continueToken, params string[] names)
    {
        var items = string.Join(",", names.Select(name => $$$"""{"metadata":{"name":"{{{name}}}","namespace":"shop"}}"""));
        return $$$"""{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"{{{version}}}","continue":"{{{continueToken}}}"},"items":[{{{items}}}]}""";
    }
}
