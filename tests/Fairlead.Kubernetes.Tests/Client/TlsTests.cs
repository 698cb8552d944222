using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Testing;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class TlsTests : IDisposable
{
    private const string Version = """{"major":"1","minor":"36","gitVersion":"v1.36.0"}""";

    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task A_server_signed_by_the_given_authority_is_spoken_to_in_http2()
    {
        await using var server = await AnsweringServer.StartAsync(_certificates.ForServer("127.0.0.1"));
        server.Answer(Version);
        using var client = new KubernetesClient(Trusting(server));

        var version = await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("v1.36.0", version.GitVersion);
        Assert.Equal("HTTP/2", Assert.Single(server.Requests).Protocol);
    }

    [Fact]
    public async Task A_server_of_another_authority_is_refused()
    {
        using var others = new TestCertificates();
        await using var server = await AnsweringServer.StartAsync(others.ForServer("127.0.0.1"));
        using var client = new KubernetesClient(Trusting(server), new KubernetesClientOptions { MaxAttempts = 1 });

        var error = await Assert.ThrowsAsync<KubernetesConnectionException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.Contains("certificate-authority", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_certificate_of_another_name_is_accepted_only_if_that_name_is_expected()
    {
        await using var server = await AnsweringServer.StartAsync(_certificates.ForServer("kube.internal"));
        server.Answer(Version);
        using var strict = new KubernetesClient(Trusting(server), new KubernetesClientOptions { MaxAttempts = 1 });
        using var expecting = new KubernetesClient(Trusting(server) with { TlsServerName = "kube.internal" });

        await Assert.ThrowsAsync<KubernetesConnectionException>(() => strict.GetVersionAsync(TestContext.Current.CancellationToken));
        Assert.Equal("36", (await expecting.GetVersionAsync(TestContext.Current.CancellationToken)).Minor);
    }

    [Fact]
    public async Task Verification_is_skipped_only_on_request()
    {
        using var others = new TestCertificates();
        await using var server = await AnsweringServer.StartAsync(others.ForServer("elsewhere"));
        server.Answer(Version);
        using var client = new KubernetesClient(new ClusterConfiguration { Server = server.Address, SkipTlsVerification = true });

        Assert.Equal("36", (await client.GetVersionAsync(TestContext.Current.CancellationToken)).Minor);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_client_certificate_of_a_kubeconfig_is_presented(bool ellipticCurve, bool pkcs8)
    {
        await using var server = await AnsweringServer.StartAsync(_certificates.ForServer("127.0.0.1"));
        server.Answer(Version);
        var (certificate, key) = _certificates.ForClient("alice", ellipticCurve, pkcs8);
        using var folder = new TemporaryFolder();
        folder.Write("client.crt", certificate);
        var path = folder.Write("config", $"""
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{"{"}name: c, context: {"{"}cluster: k, user: alice{"}"}{"}"}]
            clusters:
            - name: k
              cluster:
                server: {server.Address}
                certificate-authority-data: {Base64(_certificates.AuthorityPem)}
            users:
            - name: alice
              user:
                client-certificate: client.crt
                client-key-data: {Base64(key)}
            """);
        using var client = new KubernetesClient(ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path }));

        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("CN=alice", Assert.Single(server.Requests).ClientCertificate);
    }

    [Fact]
    public async Task A_renewed_client_certificate_beside_a_credential_program_is_presented()
    {
        await using var server = await AnsweringServer.StartAsync(_certificates.ForServer("127.0.0.1"));
        server.Answer(Version).Answer(Version);
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        folder.WriteProgram("login.sh", """
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"t"}}'
            """);
        Renew("first");
        using var client = new KubernetesClient(ClusterConfiguration.Load(new ClusterConfigurationOptions
        {
            Path = Config(
                folder,
                server.Address,
                _certificates.AuthorityPem,
                "{client-certificate: client.crt, client-key: client.key, exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login.sh, interactiveMode: Never}}"),
            TimeProvider = time,
        }));

        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        Renew("second");
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["CN=first", "CN=second"], server.Requests.Select(request => request.ClientCertificate));

        void Renew(string name)
        {
            var (certificate, key) = _certificates.ForClient(name, true, true);
            folder.Write("client.crt", certificate);
            folder.Write("client.key", key);
        }
    }

    [Fact]
    public async Task A_renewed_client_certificate_is_presented_without_a_restart()
    {
        await using var server = await AnsweringServer.StartAsync(_certificates.ForServer("127.0.0.1"));
        server.Answer(Version).Answer(Version).Answer(Version).Answer(AnsweringServer.Failure(401, "Unauthorized"), 401).Answer(Version);
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        Renew("first");
        using var client = new KubernetesClient(
            ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = Config(folder, server.Address, _certificates.AuthorityPem), TimeProvider = time }));

        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        folder.Write("client.crt", _certificates.ForClient("half", true, true).Certificate);
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        Renew("second");
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        Renew("third");
        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        // The certificate that came without its key was never used; the last one was looked for when the one before was refused.
        Assert.Equal(["CN=first", "CN=first", "CN=second", "CN=second", "CN=third"], server.Requests.Select(request => request.ClientCertificate));

        void Renew(string name)
        {
            var (certificate, key) = _certificates.ForClient(name, true, true);
            folder.Write("client.crt", certificate);
            folder.Write("client.key", key);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_renewed_authority_is_trusted_without_a_restart(bool inCluster)
    {
        using var renewed = new TestCertificates();
        await using var server = await AnsweringServer.StartAsync(renewed.ForServer("127.0.0.1"));
        server.Answer(Version);
        using var folder = new TemporaryFolder();
        var time = new ManualTime();
        folder.Write("token", "pod-token");
        folder.Write("ca.crt", _certificates.AuthorityPem);
        var variables = new Dictionary<string, string>
        {
            ["KUBERNETES_SERVICE_HOST"] = "127.0.0.1",
            ["KUBERNETES_SERVICE_PORT"] = $"{server.Address.Port}",
        };
        var configuration = ClusterConfiguration.Load(new ClusterConfigurationOptions
        {
            Path = inCluster ? null : Config(folder, server.Address, authorityPem: null, user: "token: t"),
            Environment = variables.GetValueOrDefault,
            ServiceAccountDirectory = folder.Path,
            TimeProvider = time,
        });
        using var client = new KubernetesClient(configuration, new KubernetesClientOptions { MaxAttempts = 1 });

        await Assert.ThrowsAsync<KubernetesConnectionException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));
        folder.Write("ca.crt", renewed.AuthorityPem);
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("36", (await client.GetVersionAsync(TestContext.Current.CancellationToken)).Minor);
    }

    public void Dispose() => _certificates.Dispose();

    /// <param name="authorityPem">Null: it is in the file <c>ca.crt</c>.</param>
    private static string Config(
        TemporaryFolder folder, Uri server, string? authorityPem, string user = "{client-certificate: client.crt, client-key: client.key}") => folder.Write("config", $"""
        current-context: c
        contexts: [{"{"}name: c, context: {"{"}cluster: k, user: u{"}"}{"}"}]
        clusters:
        - name: k
          cluster:
            server: {server}
            {(authorityPem is null ? "certificate-authority: ca.crt" : $"certificate-authority-data: {Base64(authorityPem)}")}
        users:
        - name: u
          user:
            {user}
        """);

    private ClusterConfiguration Trusting(AnsweringServer server) =>
        new() { Server = server.Address, CertificateAuthorities = [X509CertificateLoader.LoadCertificate(_certificates.Authority.RawData)] };

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
