using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>What the server refuses, as a real one does.</summary>
public sealed class RequestRulesTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Theory]
    [InlineData("""{"kind":"Secret","apiVersion":"v1","metadata":{"name":"a"}}""", 400)]
    [InlineData("""{"kind":"ConfigMap","apiVersion":"v2","metadata":{"name":"a"}}""", 400)]
    [InlineData("""{"metadata":{"name":"a","namespace":"other"}}""", 400)]
    [InlineData("""{"metadata":{"name":"A"}}""", 422)]
    [InlineData("""{"metadata":{}}""", 422)]
    [InlineData("""{"metadata":{"name":"a","labels":{"a b":"x"}}}""", 422)]
    [InlineData("""{"metadata":{"name":"a","labels":{"a":"-"}}}""", 422)]
    [InlineData("""{"metadata":{"name":"a","annotations":{"a b":"x"}}}""", 422)]
    [InlineData("""{"metadata":{"name":"a","finalizers":["plain"]}}""", 422)]
    [InlineData("""{"metadata":{"name":"a"},"data":{"x":1}}""", 400)]
    [InlineData("""{"metadata":{"name":"a"},"data":"x"}""", 400)]
    [InlineData("""{"metadata":"a"}""", 400)]
    [InlineData("[]", 400)]
    [InlineData("{bad", 400)]
    public async Task Bad_objects_are_refused(string body, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(code, await PostAsync(cluster, ConfigMaps, body));
        Assert.Empty((await cluster.GetAsync(ConfigMaps + "?fieldSelector=metadata.name%3Da"))["items"]!.AsArray());
    }

    [Theory]
    [InlineData("POST", "/api/v1/configmaps", 405)]
    [InlineData("PUT", ConfigMaps, 405)]
    [InlineData("POST", ConfigMaps + "/a", 405)]
    [InlineData("POST", "/api/v1/namespaces/absent/configmaps", 404)]
    [InlineData("GET", "/api/v1/configmaps/a", 404)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", ConfigMaps + "/a/status", 404)]
    [InlineData("DELETE", "/api/v1/namespaces/default", 403)]
    [InlineData("POST", ConfigMaps + "?dryRun=Some", 422)]
    [InlineData("POST", ConfigMaps + "?fieldValidation=Some", 422)]
    public async Task Requests_that_fit_no_resource_or_option_are_refused(string method, string path, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        var body = method is "GET" or "DELETE" ? null : new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } };
        var status = await cluster.SendAsync(new HttpMethod(method), path, body, code);
        Assert.Equal("Failure", (string?)status["status"]);
    }

    [Fact]
    public async Task Unknown_groups_and_pages_answer_plain_text()
    {
        await using var cluster = await TestCluster.StartAsync();
        foreach (var path in (string[])["/apis/absent.example.com/v1/things", "/nonsense", "/apis/absent.example.com"])
        {
            using var response = await cluster.Http.GetAsync(new Uri(path, UriKind.Relative), TestCluster.Token);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal("404 page not found\n", await response.Content.ReadAsStringAsync(TestCluster.Token));
        }
    }

    [Fact]
    public async Task Bodies_above_three_mebibytes_are_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        var body = $$$"""{"metadata":{"name":"a"},"data":{"x":"{{{new string('x', 3 * 1024 * 1024)}}}"}}""";
        Assert.Equal(413, await PostAsync(cluster, ConfigMaps, body));
    }

    [Fact]
    public async Task Unknown_and_repeated_fields_are_refused_warned_of_or_ignored_as_asked()
    {
        await using var cluster = await TestCluster.StartAsync();
        const string body = """{"metadata":{"name":"a"},"dta":{},"data":{"x":"1","x":"2"}}""";
        Assert.Equal(400, await PostAsync(cluster, ConfigMaps + "?fieldValidation=Strict", body));
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await cluster.Http.PostAsync(new Uri(ConfigMaps, UriKind.Relative), content, TestCluster.Token);
        Assert.Equal(["299 - \"duplicate field \\\"data.x\\\"\"", "299 - \"unknown field \\\"dta\\\"\""], response.Headers.GetValues("Warning"));
        Assert.Equal("2", (string?)(await cluster.GetAsync(ConfigMaps + "/a"))["data"]!["x"]);
    }

    [Fact]
    public async Task Yaml_bodies_are_read_and_yaml_answers_written()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(201, await PostAsync(cluster, ConfigMaps, "metadata: {name: a}\ndata:\n  x: |\n    one\n    two\n", "application/yaml"));
        using var request = new HttpRequestMessage(HttpMethod.Get, ConfigMaps + "/a");
        request.Headers.Add("Accept", "application/yaml");
        using var response = await cluster.Http.SendAsync(request, TestCluster.Token);
        Assert.Contains("one\n", await response.Content.ReadAsStringAsync(TestCluster.Token));
    }

    [Fact]
    public async Task A_namespace_that_is_being_deleted_takes_no_new_objects()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync("/api/v1/namespaces", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "shop", ["finalizers"] = new JsonArray("example.com/hold") },
        });
        await cluster.DeleteAsync("/api/v1/namespaces/shop");
        var refusal = await cluster.PostAsync(
            "/api/v1/namespaces/shop/configmaps", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "a" } }, 403);
        Assert.Equal("NamespaceTerminating", (string?)refusal["details"]!["causes"]![0]!["reason"]);
    }

    private static async Task<int> PostAsync(TestCluster cluster, string path, string body, string type = "application/json")
    {
        using var content = new StringContent(body, Encoding.UTF8, type);
        using var response = await cluster.Http.PostAsync(new Uri(path, UriKind.Relative), content, TestCluster.Token);
        return (int)response.StatusCode;
    }
}
