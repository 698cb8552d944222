using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Authentication;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class WriteTests
{
    private const string Stored = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop","resourceVersion":"9"}}""";

    private static readonly ConfigMap Settings = new() { Metadata = new() { Name = "settings", Namespace = "shop" }, Data = new Dictionary<string, string> { ["a"] = "1" } };

    [Fact]
    public async Task An_applied_object_carries_its_type_even_if_the_value_does_not()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Stored);
        using var client = server.Client();

        await client.For(KubernetesResources.ConfigMaps).ApplyAsync(Settings, new ApplyOptions { Force = true }, TestContext.Current.CancellationToken);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("PATCH", "/api/v1/namespaces/shop/configmaps/settings", "?fieldManager=tests&force=true"), (request.Method, request.Path, request.Query));
        Assert.Equal("application/apply-patch+yaml", request.ContentType);
        Assert.Equal("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop"},"data":{"a":"1"}}""", request.Body);
    }

    [Fact]
    public async Task Applying_without_a_field_manager_is_refused_before_anything_is_sent()
    {
        await using var server = await AnsweringServer.StartAsync();
        using var client = server.Client(new KubernetesClientOptions());

        await Assert.ThrowsAsync<ArgumentException>(() => client.For(KubernetesResources.ConfigMaps).ApplyAsync(Settings, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_status_is_updated_on_its_subresource()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Stored);
        using var client = server.Client();

        await client.For(KubernetesResources.ConfigMaps).UpdateAsync(
            Settings, new WriteOptions { Subresource = "status", DryRun = true, FieldManager = "other", FieldValidation = "Strict" }, TestContext.Current.CancellationToken);

        var request = Assert.Single(server.Requests);
        Assert.Equal("/api/v1/namespaces/shop/configmaps/settings/status", request.Path);
        Assert.Equal("?fieldManager=other&dryRun=All&fieldValidation=Strict", request.Query);
    }

    [Fact]
    public async Task Patches_carry_their_media_type()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Stored).Answer(Stored);
        using var client = server.Client();
        var maps = client.For(KubernetesResources.ConfigMaps);
        var key = new ObjectKey("shop", "settings");

        await maps.PatchAsync(key, Patch.Merge(new JsonObject { ["data"] = new JsonObject { ["a"] = null } }), cancellationToken: TestContext.Current.CancellationToken);
        await maps.PatchAsync(key, Patch.Json(new JsonArray(new JsonObject { ["op"] = "remove", ["path"] = "/data/a" })), cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(
            [("application/merge-patch+json", """{"data":{"a":null}}"""), ("application/json-patch+json", """[{"op":"remove","path":"/data/a"}]""")],
            server.Requests.Select(request => (request.ContentType!, request.Body)));
    }

    [Fact]
    public async Task Deleting_states_preconditions_and_propagation()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(200, ""));
        using var client = server.Client();
        var options = new DeleteOptions { Propagation = DeletePropagation.Foreground, Uid = "u-1", ResourceVersion = "3", GracePeriodSeconds = 0 };

        await client.For(KubernetesResources.Pods).DeleteAsync(new("shop", "web-0"), options, TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","gracePeriodSeconds":0,"preconditions":{"uid":"u-1","resourceVersion":"3"}}""",
            Assert.Single(server.Requests).Body);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_told_not_thrown()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(404, "NotFound"), 404).Answer("{}");
        using var client = server.Client();
        var pods = client.For(KubernetesResources.Pods);

        Assert.False(await pods.TryDeleteAsync(new("shop", "web-0"), cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(await pods.TryDeleteAsync(new("shop", "web-0"), cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Scaling_touches_replicas_only()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("""{"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"db"},"spec":{"replicas":3},"status":{"replicas":1}}""");
        using var client = server.Client();

        var scale = await client.For(KubernetesResources.StatefulSets).SetScaleAsync(new("shop", "db"), 3, TestContext.Current.CancellationToken);

        Assert.Equal(3, scale.Spec?.Replicas);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("/apis/apps/v1/namespaces/shop/statefulsets/db/scale", """{"spec":{"replicas":3}}"""), (request.Path, request.Body));
    }

    [Fact]
    public async Task A_token_of_a_service_account_never_shows_in_text()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("""{"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1","metadata":{},"spec":{"audiences":["a"]},"status":{"token":"s3cret","expirationTimestamp":"2026-01-02T03:04:05Z"}}""", 201);
        using var client = server.Client();

        var answer = await client.CreateTokenAsync(new("shop", "builder"), new TokenRequestSpec { Audiences = ["a"], ExpirationSeconds = 600 }, TestContext.Current.CancellationToken);

        Assert.Equal("s3cret", answer.Status?.Token);
        Assert.DoesNotContain("s3cret", $"{answer} {answer.Status}", StringComparison.Ordinal);
        Assert.Equal("/api/v1/namespaces/shop/serviceaccounts/builder/token", Assert.Single(server.Requests).Path);
    }

    [Fact]
    public async Task A_refusal_tells_the_fields_that_caused_it()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer("""{"kind":"Status","status":"Failure","message":"ConfigMap \"x\" is invalid","reason":"Invalid","code":422,"details":{"name":"x","kind":"ConfigMap","causes":[{"reason":"FieldValueInvalid","message":"bad","field":"metadata.name"}]}}""", 422);
        using var client = server.Client();

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => client.For(KubernetesResources.ConfigMaps).CreateAsync(Settings, cancellationToken: TestContext.Current.CancellationToken));

        Assert.True(error.IsInvalid);
        Assert.Equal("metadata.name", Assert.Single(error.Details!.Causes!).Field);
    }
}
