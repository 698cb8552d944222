using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>What the server refuses, as a real one does.</summary>
public sealed class RequestRulesTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string Head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

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

    // What an API server 1.36 answers; bodies of an apply are YAML 1.1, even where they look like JSON.
    [Theory]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"\ud83d\ude00"}}""", 400)]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"\/"}}""", 400)]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"a":"\u00e9 \\ud83d"}}""", 201)]
    [InlineData("data: {a: b}", 400)]
    [InlineData("apiVersion: v1\nkind: ConfigMap\ndata: {a: b}", 400)]
    [InlineData(Head + "datax: {a: b}", 500)]
    [InlineData(Head + "data: {a: yes}", 500)]
    [InlineData(Head + "data: {a: Off}", 500)]
    [InlineData(Head + "data: {a: 1_000}", 500)]
    [InlineData(Head + "data: {a: 0b11}", 500)]
    [InlineData(Head + "data: {a: -0x1F}", 500)]
    [InlineData(Head + "data: {a: .inf}", 400)]
    [InlineData(Head + "data: {a: 2001-01-01, b: 'yes', c: !!str 5, d: 12:30}", 201)]
    public async Task Bodies_of_an_apply_are_read_as_YAML(string body, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/apply-patch+yaml");
        using var response = await cluster.Http.PatchAsync(new Uri(ConfigMaps + "/a?fieldManager=x", UriKind.Relative), content, TestCluster.Token);
        Assert.Equal(code, (int)response.StatusCode);
    }

    [Fact]
    public async Task Keys_of_YAML_are_text_of_their_values()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var content = new StringContent(Head + "data: {yes: a, 5: b, 1.5: c, '0x1': d}", Encoding.UTF8, "application/apply-patch+yaml");
        using var response = await cluster.Http.PatchAsync(new Uri(ConfigMaps + "/a?fieldManager=x", UriKind.Relative), content, TestCluster.Token);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var data = (await cluster.GetAsync(ConfigMaps + "/a"))["data"]!.AsObject();
        Assert.Equal(["0x1", "1.5", "5", "true"], data.Select(m => m.Key).Order(StringComparer.Ordinal));
    }

    // As an API server 1.36: only an update takes the UID for a precondition, and only an apply would make the object anew.
    [Theory]
    [InlineData("application/apply-patch+yaml", 422)]
    [InlineData("application/merge-patch+json", 422)]
    [InlineData(null, 409)]
    public async Task A_write_that_names_the_UID_of_another_object_is_refused(string? patch, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync(ConfigMaps, JsonNode.Parse("""{"metadata":{"name":"a"}}""")!);

        Assert.Equal(code, await SendAsync());

        await cluster.DeleteAsync(ConfigMaps + "/a");
        Assert.Equal(patch?.Contains("apply", StringComparison.Ordinal) == true ? 409 : 404, await SendAsync());

        async Task<int> SendAsync()
        {
            const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","uid":"4a5c0f5e-0000-4000-8000-000000000000"},"data":{"a":"b"}}""";
            using var content = new StringContent(Body, Encoding.UTF8, patch ?? "application/json");
            using var request = new HttpRequestMessage(patch is null ? HttpMethod.Put : HttpMethod.Patch, ConfigMaps + "/a?fieldManager=x") { Content = content };
            using var response = await cluster.Http.SendAsync(request, TestCluster.Token);
            return (int)response.StatusCode;
        }
    }

    // As an API server 1.36: other writes drop the null.
    [Theory]
    [InlineData("""{"a":null}""", 422)]
    [InlineData("""{"m":{"x":null}}""", 422)]
    [InlineData("""{"d":null}""", 201)]
    [InlineData("""{"n":null}""", 201)]
    [InlineData("""{"unknown":1}""", 500)]
    public async Task Applying_null_to_a_custom_resource_is_refused_where_the_schema_has_no_null_and_no_default(string spec, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", JsonNode.Parse(
            """
            {"metadata":{"name":"foos.rules.example.com"},"spec":{"group":"rules.example.com","scope":"Namespaced",
            "names":{"plural":"foos","kind":"Foo"},"versions":[{"name":"v1","served":true,"storage":true,
            "schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{
            "a":{"type":"integer"},"d":{"type":"integer","default":3},"n":{"type":"integer","nullable":true},
            "m":{"type":"object","additionalProperties":{"type":"string"}}}}}}}}]}}
            """)!);
        await cluster.PatchAsync(
            "/apis/rules.example.com/v1/namespaces/default/foos/a?fieldManager=x", "application/apply-patch+yaml",
            JsonNode.Parse($$"""{"apiVersion":"rules.example.com/v1","kind":"Foo","metadata":{"name":"a"},"spec":{{spec}}}""")!, code);
    }

    [Theory]
    [InlineData("01", 400)]
    [InlineData("6b38730000", 400)]
    // A ConfigMap with nothing but a field that the API does not have.
    [InlineData("6b387300" + "0a0f0a0276311209436f6e6669674d6170" + "1203a20600", 201)]
    [InlineData("6b387300" + "0a0f0a0276311209436f6e6669674d6170" + "1204a2060178", 415)]
    [InlineData("6b387300" + "0a0d0a027631120745766572797468" + "1200", 415)]
    public async Task Protobuf_that_cannot_be_read_whole_is_refused(string hex, int code)
    {
        await using var cluster = await TestCluster.StartAsync();
        using var content = new ByteArrayContent(Convert.FromHexString(hex));
        content.Headers.ContentType = new("application/vnd.kubernetes.protobuf");
        using var response = await cluster.Http.PostAsync(new Uri(ConfigMaps, UriKind.Relative), content, TestCluster.Token);

        // Without a name an object that could be read is invalid.
        Assert.Equal(code == 201 ? 422 : code, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_scale_of_zero_is_left_out()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.PostAsync("/apis/apps/v1/namespaces/default/deployments", JsonNode.Parse(
            """{"metadata":{"name":"a"},"spec":{"replicas":0,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"}]}}}}""")!);
        var scale = await cluster.GetAsync("/apis/apps/v1/namespaces/default/deployments/a/scale");
        Assert.Equal(("{}", 0), (scale["spec"]!.ToJsonString(), (int)scale["status"]!["replicas"]!));
    }

    [Theory]
    [InlineData("/api/v1/namespaces/default/limitranges", """{"metadata":{"name":"a"},"spec":{"limits":[{"type":"Container","default":{"cpu":"1"}}]}}""", "spec.limits")]
    [InlineData("/api/v1/namespaces/default/resourcequotas", """{"metadata":{"name":"a"},"spec":{"hard":{"requests.cpu":"1"}}}""", "spec.hard[requests.cpu]")]
    [InlineData("/api/v1/namespaces/default/resourcequotas", """{"metadata":{"name":"a"},"spec":{"hard":{"pods":"1"},"scopes":["BestEffort"]}}""", "spec.scopes")]
    [InlineData(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        """{"metadata":{"name":"a"},"webhooks":[{"name":"a.b.c","sideEffects":"None","admissionReviewVersions":["v1"],"clientConfig":{"url":"https://x"}}]}""", "webhooks")]
    public async Task What_would_have_no_effect_is_refused(string path, string body, string field)
    {
        await using var cluster = await TestCluster.StartAsync();
        var status = await cluster.PostAsync(path, JsonNode.Parse(body)!, 422);
        Assert.Equal(field, (string?)Assert.Single(status["details"]!["causes"]!.AsArray())!["field"]);
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
