using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Tailscale.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Fairlead.Tailscale.Tests.Embedded;

public sealed class StrictnessTests : TailnetTest
{
    private const string Keys = "/api/v2/tailnet/-/keys";

    private HttpClient Http => new() { BaseAddress = Tailnet.BaseAddress };

    private async Task<string> TokenAsync(ApiClient client, string? scope = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        if (scope is not null) form["scope"] = scope;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v2/oauth/token") { Content = new FormUrlEncodedContent(form) };
        request.Headers.Authorization = Basic($"{client.Id}:{client.Secret}");
        using var response = await Http.SendAsync(request, Stop);
        using var json = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(Stop));
        return json.RootElement.TryGetProperty("access_token", out var token)
            ? token.GetString()!
            : throw new InvalidOperationException(json.RootElement.GetRawText());
    }

    private async Task<(int Status, string Body)> SendAsync(
        string method, string path, AuthenticationHeaderValue? authorization, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Authorization = authorization;
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, type);
        using var response = await Http.SendAsync(request, Stop);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    [Fact]
    public async Task A_token_is_taken_as_bearer_or_as_user_without_a_password()
    {
        var token = await TokenAsync(OAuthClient);

        Assert.Equal(200, (await SendAsync("GET", Keys, Bearer(token))).Status);
        Assert.Equal(200, (await SendAsync("GET", Keys, Basic($"{token}:"))).Status);
        Assert.Equal(401, (await SendAsync("GET", Keys, Basic($"{token}:x"))).Status);
        Assert.Equal(401, (await SendAsync("GET", Keys, Basic(token))).Status);
        Assert.Equal(401, (await SendAsync("GET", Keys, Bearer("tskey-api-none"))).Status);
        Assert.Equal(401, (await SendAsync("GET", Keys, null)).Status);
        Assert.Equal(401, (await SendAsync("GET", "/api/v2/nothing", null)).Status);
        Assert.Equal(404, (await SendAsync("GET", "/api/v2/nothing", Bearer(token))).Status);
        Assert.Equal(404, (await SendAsync("PATCH", Keys, Bearer(token))).Status);
        Assert.Equal(404, (await SendAsync("GET", "/api/v2/tailnet/other/keys", Bearer(token))).Status);
    }

    [Fact]
    public async Task A_token_ends_with_its_time()
    {
        var token = await TokenAsync(OAuthClient);
        Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await SendAsync("GET", Keys, Bearer(token))).Status);

        Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(401, (await SendAsync("GET", Keys, Bearer(token))).Status);
        Assert.Empty(Tailnet.Tokens.Snapshot());
    }

    [Theory]
    [InlineData("auth_keys", "GET", Keys, 200)]
    [InlineData("auth_keys:read", "GET", Keys, 200)]
    [InlineData("auth_keys:read", "POST", Keys, 403)]
    [InlineData("devices:core", "GET", Keys, 403)]
    [InlineData("devices", "GET", Keys, 200)]
    [InlineData("devices", "DELETE", "/api/v2/device/n1", 404)]
    [InlineData("devices:core:read", "DELETE", "/api/v2/device/n1", 403)]
    [InlineData("all:read", "GET", "/api/v2/tailnet/-/acl", 200)]
    [InlineData("all:read", "DELETE", "/api/v2/tailnet/-/vip-services/svc:a", 403)]
    [InlineData("services", "DELETE", "/api/v2/tailnet/-/vip-services/svc:a", 404)]
    [InlineData("policy_file", "GET", "/api/v2/tailnet/-/settings", 403)]
    [InlineData("all", "GET", "/api/v2/tailnet/-/settings", 200)]
    public async Task A_scope_opens_what_it_names(string scope, string method, string path, int status)
    {
        var token = await TokenAsync(Tailnet.Clients.AddOAuthClient([scope], ["tag:k8s-operator"]));

        Assert.Equal(status, (await SendAsync(method, path, Bearer(token), method == "POST" ? "{}" : null)).Status);
    }

    [Fact]
    public async Task A_token_can_be_asked_for_with_fewer_scopes_and_not_with_more()
    {
        var client = Tailnet.Clients.AddOAuthClient(["devices:core", "auth_keys"], ["tag:k8s-operator"]);

        Assert.Equal(403, (await SendAsync("GET", Keys, Bearer(await TokenAsync(client, "devices:core:read")))).Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => TokenAsync(client, "services"));
    }

    [Theory]
    [InlineData("""{"capabilities":{"devices":{"create":{"tags":["tag:k8s"]}}},"extra":1}""", "extra")]
    [InlineData("""{"capabilities":{"devices":{"create":{"tags":"tag:k8s"}}}}""", "tags")]
    [InlineData("""{"capabilities":{"devices":{"create":{"tags":["tag:k8s"],"reusable":"no"}}}}""", "reusable")]
    [InlineData("""{"capabilities":{"devices":{}}}""", "capabilities.devices.create is required")]
    [InlineData("""{"capabilities":{"devices":{"create":{"tags":[]}}}}""", "tags is required")]
    [InlineData("""{"capabilities":{"devices":{"create":{"tags":["tag:k8s"]}}},"expirySeconds":7776001}""", "expirySeconds")]
    [InlineData("""{"keyType":"client","capabilities":{"devices":{"create":{"tags":["tag:k8s"]}}}}""", "keyType")]
    [InlineData("null", "null")]
    [InlineData("{", "body")]
    public async Task A_key_with_a_wrong_body_is_refused(string body, string reason)
    {
        var (status, answer) = await SendAsync("POST", Keys, Bearer(await TokenAsync(OAuthClient)), body);

        Assert.Equal(400, status);
        Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.Empty(Tailnet.Keys.Snapshot());
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_refused()
    {
        const string Body = """{"capabilities":{"devices":{"create":{"tags":["tag:k8s"]}}}}""";
        Assert.Equal(400, (await SendAsync("POST", Keys, Bearer(await TokenAsync(OAuthClient)), Body, "text/plain")).Status);
    }

    [Theory]
    [InlineData("svc:web", """{"ports":["tcp:443"],"tags":["tag:k8s"]}""", 200)]
    [InlineData("svc:web", """{"ports":["do-not-validate"]}""", 200)]
    [InlineData("svc:web", """{"ports":["tcp:8000-8080"]}""", 200)]
    [InlineData("svc:web", """{"ports":["do-not-validate","tcp:1"]}""", 400)]
    [InlineData("svc:web", """{"ports":[]}""", 400)]
    [InlineData("svc:web", """{"ports":["443"]}""", 400)]
    [InlineData("svc:web", """{"ports":["tcp:70000"]}""", 400)]
    [InlineData("svc:web", """{"name":"svc:other","ports":["tcp:1"]}""", 400)]
    [InlineData("web", """{"ports":["tcp:1"]}""", 400)]
    [InlineData("svc:Web", """{"ports":["tcp:1"]}""", 400)]
    [InlineData("svc:web", """{"ports":["tcp:1"],"tags":["tag:nobodys"]}""", 400)]
    [InlineData("svc:web", """{"ports":["tcp:1"],"addrs":["fd7a:115c:a1e0::1","100.64.0.1"]}""", 400)]
    public async Task A_service_must_be_well_formed(string name, string body, int expected)
    {
        var token = Bearer(await TokenAsync(OAuthClient));
        var (status, answer) = await SendAsync("PUT", $"/api/v2/tailnet/-/vip-services/{name}", token, body);

        Assert.True(expected == status, answer);
    }

    [Fact]
    public async Task A_client_gives_its_own_tags_and_those_they_own_and_no_others()
    {
        Tailnet.Policy.Text = """{"tagOwners": {"tag:a": ["tag:op"], "tag:op": [], "tag:b": ["tag:a"]}}""";
        var token = await TokenAsync(Tailnet.Clients.AddOAuthClient(["auth_keys"], ["tag:op"]));

        foreach (var (tag, expected) in new[] { ("tag:op", 200), ("tag:a", 200), ("tag:b", 400), ("tag:undefined", 400) })
        {
            var body = """{"capabilities":{"devices":{"create":{"tags":["TAG"]}}}}""".Replace("TAG", tag, StringComparison.Ordinal);
            Assert.Equal(expected, (await SendAsync("POST", Keys, Bearer(token), body)).Status);
        }
    }

    [Fact]
    public async Task A_policy_can_be_had_as_JSON_and_with_details()
    {
        Tailnet.Policy.Text = """{"tagOwners": {}, "ssh": []}""";
        var token = Bearer(await TokenAsync(OAuthClient));

        var (_, json) = await SendAsync("GET", "/api/v2/tailnet/-/acl", token);
        var (_, details) = await SendAsync("GET", "/api/v2/tailnet/-/acl?details=1", token);

        using var policy = JsonDocument.Parse(json);
        Assert.True(policy.RootElement.TryGetProperty("tagOwners", out _));
        Assert.Contains("has no effect", details, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_of_the_same_name_get_names_of_their_own()
    {
        var names = Enumerable.Range(0, 3).Select(_ => Tailnet.Devices.Register(new DeviceRegistration { Hostname = "Web" }).Name);

        Assert.Equal(["web.embedded.ts.net", "web-1.embedded.ts.net", "web-2.embedded.ts.net"], names);
        Assert.Equal(6, Tailnet.Devices.Snapshot().SelectMany(d => d.Addresses).Distinct().Count());
    }

    [Fact]
    public async Task Further_routes_share_the_listener()
    {
        RequestDelegate answer = context => context.Response.WriteAsync("further");
        await using var tailnet = await EmbeddedTailnet.StartAsync(
            new EmbeddedTailnetOptions { Routes = routes => routes.MapGet("/further", answer) }, Stop);
        using var http = new HttpClient { BaseAddress = tailnet.BaseAddress };

        Assert.Equal("further", await http.GetStringAsync("/further", Stop));
        Assert.Empty(tailnet.Calls.Snapshot());
    }

    [Fact]
    public async Task A_stopped_tailnet_refuses_connections()
    {
        var tailnet = await EmbeddedTailnet.StartAsync(ct: Stop);
        using var http = new HttpClient { BaseAddress = tailnet.BaseAddress };
        Assert.Equal(401, (int)(await http.GetAsync(Keys, Stop)).StatusCode);

        await tailnet.StopAsync();
        await tailnet.DisposeAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(Keys, Stop));
    }
}
