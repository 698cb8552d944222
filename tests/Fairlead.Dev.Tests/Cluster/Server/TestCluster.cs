using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>An embedded cluster and an administrator's HTTP client for it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Gadgets = "/apis/test.example.com/v1/namespaces/default/gadgets";

    // A watch that is owed an event gets it in milliseconds; without a limit of its own a missing one would hold the whole
    // run for as long as the server keeps a silent watch, 30 to 60 minutes.
    private static readonly TimeSpan WatchLimit = TimeSpan.FromSeconds(30);

    /// <summary>A namespaced type with status and two fields to select by, without a schema worth the name.</summary>
    public static readonly ResourceDefinition Gadget = new()
    {
        Group = "test.example.com",
        Version = "v1",
        Kind = "Gadget",
        Plural = "gadgets",
        Singular = "gadget",
        HasStatus = true,
        TracksGeneration = true,
        Schema = new SchemaNode { Type = "object", PreserveUnknownFields = true },
        SelectableFields = ["spec.colour", "status.phase"],
        Strategy = new NoRules(),
    };

    private TestCluster(EmbeddedCluster cluster, HttpClient http)
    {
        Cluster = cluster;
        Http = http;
    }

    public EmbeddedCluster Cluster { get; }

    public HttpClient Http { get; }

    public static async Task<TestCluster> StartAsync(EmbeddedClusterOptions? options = null)
    {
        options ??= new EmbeddedClusterOptions { Seed = 1 };
        var cluster = await EmbeddedCluster.StartAsync(options with { Definitions = options.Definitions.Add(Gadget) }, Token);
        var admin = cluster.CreateUser("admin", "system:masters");
        return new TestCluster(cluster, Client(cluster, admin));
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public static HttpClient Client(EmbeddedCluster cluster, string? token)
    {
        var handler = new SocketsHttpHandler();
        if (cluster.CertificateAuthorityPem is { } pem)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(pem));
            handler.SslOptions.CertificateChainPolicy = policy;
        }

        var http = new HttpClient(handler) { BaseAddress = cluster.Url };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public static JsonObject NewGadget(string name, string colour = "red", JsonObject? labels = null) => new()
    {
        ["apiVersion"] = "test.example.com/v1",
        ["kind"] = "Gadget",
        ["metadata"] = new JsonObject { ["name"] = name, ["labels"] = labels ?? [] },
        ["spec"] = new JsonObject { ["colour"] = colour },
    };

    public Task<JsonObject> GetAsync(string path, int code = 200) => SendAsync(HttpMethod.Get, path, null, code);

    public Task<JsonObject> PostAsync(string path, JsonNode body, int code = 201) => SendAsync(HttpMethod.Post, path, body, code);

    public Task<JsonObject> PutAsync(string path, JsonNode body, int code = 200) => SendAsync(HttpMethod.Put, path, body, code);

    public Task<JsonObject> DeleteAsync(string path, JsonNode? body = null, int code = 200) => SendAsync(HttpMethod.Delete, path, body, code);

    public Task<JsonObject> PatchAsync(string path, string contentType, JsonNode body, int code = 200) =>
        SendAsync(HttpMethod.Patch, path, body, code, contentType);

    public async Task<JsonObject> SendAsync(
        HttpMethod method, string path, JsonNode? body, int code, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString()));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var response = await Http.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        Assert.True(code == (int)response.StatusCode, $"{method} {path}: expected {code}, got {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Starts a watch and yields its events.</summary>
    public async IAsyncEnumerable<JsonObject> WatchAsync(string pathAndQuery)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(WatchLimit);
        using var response = await Http.GetAsync(
            new Uri(pathAndQuery, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, limit.Token);
        Assert.Equal(200, (int)response.StatusCode);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        while (await lines.ReadLineAsync(limit.Token) is { } line)
            yield return JsonNode.Parse(line)!.AsObject();
    }

    /// <summary>Starts a watch and collects its first events as <c>TYPE name</c>.</summary>
    public async Task<List<string>> WatchAsync(string pathAndQuery, int count)
    {
        var events = new List<string>();
        await foreach (var e in WatchAsync(pathAndQuery))
        {
            events.Add($"{e["type"]} {e["object"]!["metadata"]!["name"]}".TrimEnd());
            if (events.Count == count)
                break;
        }

        return events;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Cluster.DisposeAsync();
    }
}
