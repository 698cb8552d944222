using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster;

namespace Fairlead.Dev.Tests.Cluster.Server;

public sealed class IdentityTests
{
    private const string WhoAmI = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    private const string Secrets = "/api/v1/namespaces/default/secrets";

    [Fact]
    public async Task Without_a_role_a_user_is_told_what_is_missing()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var alice = TestCluster.Client(cluster.Cluster, cluster.Cluster.CreateUser("alice"));
        using var response = await alice.GetAsync(new Uri(Secrets, UriKind.Relative), TestCluster.Token);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains(
            "secrets is forbidden: User \\\"alice\\\" cannot list resource \\\"secrets\\\" in API group \\\"\\\" in the namespace \\\"default\\\"",
            await response.Content.ReadAsStringAsync(TestCluster.Token));
    }

    [Fact]
    public async Task Nobody_sees_health_and_version_only_and_a_wrong_token_is_refused()
    {
        await using var cluster = await TestCluster.StartAsync();
        using var nobody = TestCluster.Client(cluster.Cluster, null);
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(nobody, "/healthz"));
        Assert.Equal(HttpStatusCode.OK, await CodeAsync(nobody, "/version"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(nobody, "/api"));
        using var stranger = TestCluster.Client(cluster.Cluster, "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, await CodeAsync(stranger, "/healthz"));
    }

    [Fact]
    public async Task Impersonation_needs_permission_and_then_decides_as_the_other()
    {
        await using var cluster = await TestCluster.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(cluster.Http, Secrets, "bob"));
        using var alice = TestCluster.Client(cluster.Cluster, cluster.Cluster.CreateUser("alice"));
        Assert.Equal(HttpStatusCode.Forbidden, await CodeAsync(alice, "/version", "bob"));
    }

    [Fact]
    public async Task The_kubeconfig_is_private_and_its_client_certificate_is_an_administrator()
    {
        await using var cluster = await TestCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("kubeconfig-");
        try
        {
            var path = Path.Combine(folder.FullName, "config");
            await cluster.Cluster.WriteKubeconfigAsync(path, TestCluster.Token);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            var user = JsonNode.Parse(await File.ReadAllTextAsync(path, TestCluster.Token))!["users"]![0]!["user"]!;
            using var certificate = X509Certificate2.CreateFromPem(Text(user["client-certificate-data"]), Text(user["client-key-data"]));
            using var http = ClientWith(cluster.Cluster, certificate);
            using var response = await http.PostAsync(
                new Uri(WhoAmI, UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"), TestCluster.Token);
            Assert.Contains("system:masters", await response.Content.ReadAsStringAsync(TestCluster.Token));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public async Task A_kubeconfig_can_be_written_for_the_user_of_a_token()
    {
        await using var cluster = await TestCluster.StartAsync();
        var folder = Directory.CreateTempSubdirectory("kubeconfig-");
        try
        {
            var path = Path.Combine(folder.FullName, "config");
            var token = cluster.Cluster.CreateUser("alice");
            await cluster.Cluster.WriteKubeconfigAsync(path, token, TestCluster.Token);
            Assert.Equal(token, (string?)JsonNode.Parse(await File.ReadAllTextAsync(path, TestCluster.Token))!["users"]![0]!["user"]!["token"]);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public async Task Requests_are_counted_and_audited()
    {
        var path = Path.GetTempFileName();
        await using (var cluster = await TestCluster.StartAsync(new EmbeddedClusterOptions { AuditLogPath = path }))
        {
            await cluster.GetAsync(Secrets + "/absent", 404);
            var metrics = await cluster.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestCluster.Token);
            Assert.Matches("apiserver_request_total\\{code=\"404\",.*resource=\"secrets\",.*verb=\"GET\",version=\"v1\"\\} 1", metrics);
        }

        var line = JsonNode.Parse((await File.ReadAllLinesAsync(path, TestCluster.Token))[0])!;
        Assert.Equal("ResponseComplete", (string?)line["stage"]);
        Assert.Equal("get", (string?)line["verb"]);
        Assert.Equal("absent", (string?)line["objectRef"]!["name"]);
        Assert.Equal(404, (int)line["responseStatus"]!["code"]!);
        File.Delete(path);
    }

    private static string Text(JsonNode? base64) => Encoding.UTF8.GetString(Convert.FromBase64String((string)base64!));

    private static HttpClient ClientWith(EmbeddedCluster cluster, X509Certificate2 certificate)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509Certificate2.CreateFromPem(cluster.CertificateAuthorityPem));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [certificate], CertificateChainPolicy = policy },
        };
        return new HttpClient(handler) { BaseAddress = cluster.Url };
    }

    private static async Task<HttpStatusCode> CodeAsync(HttpClient http, string path, string? impersonate = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (impersonate is not null)
            request.Headers.Add("Impersonate-User", impersonate);
        using var response = await http.SendAsync(request, TestCluster.Token);
        return response.StatusCode;
    }
}
