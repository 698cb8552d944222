using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Testing;

namespace Fairlead.Kubernetes.Tests.Client;

public sealed class CredentialTests : IDisposable
{
    private const string Version = """{"major":"1","minor":"36"}""";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task A_user_whose_name_is_not_ASCII_is_impersonated_by_it()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version);
        using var client = Connect(server, "token: t0ken\n    as: j\u00fcrgen");

        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal("j\u00fcrgen", Assert.Single(server.Requests).Headers["Impersonate-User"]);
    }

    [Fact]
    public async Task A_renewed_token_file_is_picked_up_when_the_old_token_is_refused()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version).Answer(AnsweringServer.Failure(401, "Unauthorized"), 401).Answer(Version);
        var tokenFile = _folder.Write("token", "first\n");
        using var client = Connect(server, "tokenFile: token");

        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(tokenFile, "second", TestContext.Current.CancellationToken);
        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer first", "Bearer first", "Bearer second"], server.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_token_file_is_read_again_within_a_minute()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version).Answer(Version);
        var tokenFile = _folder.Write("token", "first");
        var time = new ManualTime();
        using var client = Connect(server, "tokenFile: token", time);

        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(tokenFile, "second", TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer first", "Bearer second"], server.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_token_file_that_is_away_or_empty_while_it_is_renewed_leaves_the_last_token_in_use(bool away)
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version).Answer(Version);
        var tokenFile = _folder.Write("token", "first");
        var time = new ManualTime();
        using var client = Connect(server, "tokenFile: token", time);

        await client.GetVersionAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(tokenFile, "", TestContext.Current.CancellationToken);
        if (away)
            File.Delete(tokenFile);

        time.Advance(TimeSpan.FromMinutes(1));
        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer first", "Bearer first"], server.Requests.Select(request => request.Headers["Authorization"]));
    }

    [Fact]
    public async Task A_token_that_stays_refused_is_not_tried_again()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(AnsweringServer.Failure(401, "Unauthorized"), 401).Answer(Version);
        using var client = Connect(server, "token: t0ken");

        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.True(error.IsUnauthorized);
        Assert.DoesNotContain("t0ken", error.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_credential_program_runs_once_until_its_token_expires()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version).Answer(Version).Answer(AnsweringServer.Failure(401, "Unauthorized"), 401).Answer(Version);
        _folder.WriteProgram("login.sh", """
            echo run >> "$(dirname "$0")/runs"
            echo "$KUBERNETES_EXEC_INFO" > "$(dirname "$0")/info"
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"'$1-$REALM-$(wc -l < "$(dirname "$0")/runs" | tr -d ' ')'","expirationTimestamp":"2999-01-01T00:00:00Z"}}'
            """);
        using var client = Connect(server, """
            exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./login.sh
                  args: [issue]
                  env: [{name: REALM, value: shop}]
                  interactiveMode: Never
                  provideClusterInfo: true
            """);

        for (var i = 0; i < 3; i++)
            await client.GetVersionAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["Bearer issue-shop-1", "Bearer issue-shop-1", "Bearer issue-shop-1", "Bearer issue-shop-2"], server.Requests.Select(request => request.Headers["Authorization"]));
        var info = await File.ReadAllTextAsync(Path.Combine(_folder.Path, "info"), TestContext.Current.CancellationToken);
        Assert.Contains("\"interactive\":false", info, StringComparison.Ordinal);
        Assert.Contains($"\"server\":\"{server.Address.OriginalString}\"", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_program_that_fails_is_named_with_what_it_said()
    {
        await using var server = await AnsweringServer.StartAsync();
        _folder.WriteProgram("login.sh", "echo 'session expired, run login' >&2; exit 3");
        using var client = Connect(server, "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login.sh, interactiveMode: Never}");

        var error = await Assert.ThrowsAsync<CredentialException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.Contains("login.sh' failed with exit code 3. session expired, run login", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_program_that_is_not_installed_comes_with_its_hint()
    {
        await using var server = await AnsweringServer.StartAsync();
        using var client = Connect(server, "exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-login, interactiveMode: Never, installHint: Get it from the portal.}");

        var error = await Assert.ThrowsAsync<CredentialException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.Contains("no-such-login", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Get it from the portal.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Output_of_a_credential_program_never_reaches_a_message()
    {
        await using var server = await AnsweringServer.StartAsync();
        _folder.WriteProgram("login.sh", "echo 's3cret is not json'");
        using var client = Connect(server, "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login.sh, interactiveMode: Never}");

        var error = await Assert.ThrowsAsync<CredentialException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.DoesNotContain("s3cret", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impersonation_is_sent_with_every_request()
    {
        await using var server = await AnsweringServer.StartAsync();
        server.Answer(Version);
        using var client = Connect(server, """
            token: t
                as: bob
                as-groups: [devs]
                as-user-extra: {example.com/scope: [all]}
            """);

        await client.GetVersionAsync(TestContext.Current.CancellationToken);

        var headers = Assert.Single(server.Requests).Headers;
        Assert.Equal(("bob", "devs", "all"), (headers["Impersonate-User"], headers["Impersonate-Group"], headers["Impersonate-Extra-example.com%2Fscope"]));
    }

    [Fact]
    public async Task Each_of_several_impersonated_groups_is_a_header_line_of_its_own()
    {
        using var certificates = new TestCertificates();
        await using var plain = await AnsweringServer.StartAsync();
        await using var encrypted = await AnsweringServer.StartAsync(certificates.ForServer("127.0.0.1"));
        var impersonation = new Impersonation
        {
            User = "bøb",
            Groups = ["devs", "ops, nights", "system:authenticated"],
            Extra = new Dictionary<string, IReadOnlyList<string>> { ["example.com/scope"] = ["read", "write"] },
        };
        foreach (var server in (AnsweringServer[])[plain, encrypted])
        {
            server.Answer(Version).Answer(Version);
            using var client = new KubernetesClient(new ClusterConfiguration
            {
                Server = server.Address,
                SkipTlsVerification = true,
                Credentials = new StaticCredentialSource(new Credentials { BearerToken = "t" }),
                Impersonation = impersonation,
            });

            await client.GetVersionAsync(TestContext.Current.CancellationToken);

            var lines = Assert.Single(server.Requests).HeaderLines;
            Assert.Equal(["bøb"], lines["Impersonate-User"]);
            Assert.Equal(["devs", "ops, nights", "system:authenticated"], lines["Impersonate-Group"]);
            Assert.Equal(["read", "write"], lines["Impersonate-Extra-example.com%2Fscope"]);
            Assert.Equal(["Bearer t"], lines["Authorization"]);
        }
    }

    [Fact]
    public async Task A_group_cannot_smuggle_in_a_header()
    {
        await using var server = await AnsweringServer.StartAsync();
        using var client = Connect(server, """
            token: t
                as: bob
                as-groups: ["devs\r\nImpersonate-Group: system:masters", other]
            """);

        var error = await Assert.ThrowsAsync<CredentialException>(() => client.GetVersionAsync(TestContext.Current.CancellationToken));

        Assert.Contains("control character", error.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    public void Dispose() => _folder.Dispose();

    private KubernetesClient Connect(AnsweringServer server, string user, TimeProvider? time = null)
    {
        var path = _folder.Write("config", $"""
            current-context: c
            contexts:
            - name: c
              context:
                cluster: k
                user: u
            clusters:
            - name: k
              cluster:
                server: {server.Address.OriginalString}
            users:
            - name: u
              user:
                {user}
            """);
        return new KubernetesClient(ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path, TimeProvider = time ?? TimeProvider.System }), new KubernetesClientOptions { MaxAttempts = 1 });
    }
}
