using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Tests.Client;

namespace Fairlead.Kubernetes.Tests.Configuration;

public sealed class KubeconfigTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Files_of_a_list_are_merged_and_the_first_to_say_something_wins()
    {
        var first = _folder.Write("first", """
            current-context: one
            clusters: [{name: k, cluster: {server: "https://first:6443"}}]
            contexts: [{name: one, context: {cluster: k, user: u, namespace: shop}}]
            """);
        var second = _folder.Write("second", """
            current-context: two
            clusters: [{name: k, cluster: {server: "https://second:6443"}}, {name: other, cluster: {server: "https://other"}}]
            contexts: [{name: two, context: {cluster: other, user: u}}]
            users: [{name: u, user: {token: t}}]
            """);
        var options = Options(("KUBECONFIG", $"{first}:{_folder.Path}/absent:{second}"));

        var current = ClusterConfiguration.Load(options);
        var chosen = ClusterConfiguration.Load(options with { Context = "two" });

        Assert.Equal((new Uri("https://first:6443"), "shop"), (current.Server, current.Namespace));
        Assert.Equal((new Uri("https://other"), "default"), (chosen.Server, chosen.Namespace));
    }

    [Fact]
    public async Task A_pod_finds_its_own_cluster()
    {
        using var certificates = new TestCertificates();
        _folder.Write("token", "pod-token\n");
        _folder.Write("namespace", "shop");
        _folder.Write("ca.crt", certificates.AuthorityPem);

        var configuration = ClusterConfiguration.Load(Options(("KUBERNETES_SERVICE_HOST", "fd00::1"), ("KUBERNETES_SERVICE_PORT", "443")));

        Assert.Equal(("https://[fd00::1]/", "shop"), (configuration.Server.ToString(), configuration.Namespace));
        Assert.Single(configuration.CertificateAuthorities!);
        Assert.Equal("pod-token", (await configuration.Credentials.GetAsync(TestContext.Current.CancellationToken)).BearerToken);
    }

    [Fact]
    public void A_pod_without_a_token_is_told_why()
    {
        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(Options(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("KUBERNETES_SERVICE_PORT", "443"))));

        Assert.Contains("automountServiceAccountToken", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_configuration_at_all_names_the_places_looked_at()
    {
        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(Options()));

        Assert.Contains(Path.Combine(_folder.Path, ".kube", "config"), error.Message, StringComparison.Ordinal);
        Assert.Contains("KUBECONFIG", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("clusters: {}", 1, "clusters", "must be a list")]
    [InlineData("clusters:\n- name: k\n  cluster:\n    server: 12", 4, "clusters[0].cluster.server", "must be a string")]
    [InlineData("clusters:\n- name: k\n  cluster:\n    server: 'ftp://x'", 4, "clusters[0].cluster.server", "https://host:port")]
    [InlineData("clusters:\n- name: k\n  cluster: {}", 3, "clusters[0].cluster.server", "missing")]
    [InlineData("clusters:\n- name: k", 2, "clusters[0].cluster", "missing")]
    [InlineData("clusters:\n- name: k\n  cluster:\n    server: https://x\n    certificate-authority-data: '?'", 5, "clusters[0].cluster.certificate-authority-data", "not base64")]
    [InlineData("clusters:\n- name: k\n  cluster:\n    server: https://x\n    certificate-authority: none.crt", 5, "clusters[0].cluster.certificate-authority", "none.crt cannot be read")]
    [InlineData("users:\n- name: u\n  user:\n    username: bob", 4, "users[0].user.username", "no longer accept passwords")]
    [InlineData("users:\n- name: u\n  user:\n    auth-provider: {name: oidc}", 4, "users[0].user.auth-provider", "kubelogin")]
    [InlineData("users:\n- name: u\n  user:\n    exec: {apiVersion: v0, command: x}", 4, "users[0].user.exec.apiVersion", "'v0' is not supported")]
    [InlineData("users:\n- name: u\n  user:\n    exec: {apiVersion: client.authentication.k8s.io/v1, command: x}", 4, "users[0].user.exec.interactiveMode", "missing")]
    [InlineData("users:\n- name: u\n  user:\n    client-key-data: eA==", 3, "users[0].user.client-certificate-data", "without a certificate")]
    [InlineData("users:\n- name: u\n  user:\n    as-user-extra: {scopes: [all]}", 3, "users[0].user.as", "without a user")]
    public void A_mistake_is_reported_with_line_field_and_remedy(string part, int line, string field, string message)
    {
        var defaults = new Dictionary<string, string>
        {
            ["clusters"] = "clusters: [{name: k, cluster: {server: 'https://x'}}]",
            ["users"] = "users: [{name: u, user: {token: t}}]",
        };
        defaults.Remove(part[..part.IndexOf(':', StringComparison.Ordinal)]);
        var path = _folder.Write("config", $"{part}\n{string.Join('\n', defaults.Values)}\ncontexts: [{{name: c, context: {{cluster: k, user: u}}}}]\ncurrent-context: c\n");

        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path }));

        Assert.Equal((path, line, field), (error.Position?.Source, error.Position?.Line, error.Field));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_yaml_is_reported_with_its_place()
    {
        var path = _folder.Write("config", "clusters: [");

        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path }));

        Assert.StartsWith(path + ":", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("content. Correct the YAML.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_context_names_those_there_are()
    {
        var path = _folder.Write("config", "clusters: [{name: k, cluster: {server: 'https://x'}}]\ncontexts: [{name: b, context: {cluster: k}}, {name: a, context: {cluster: k}}]");

        var unknown = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path, Context = "c" }));
        var none = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = path }));

        Assert.Contains("Use one of: a, b.", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("There are: a, b.", none.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_explicit_path_must_exist()
    {
        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(new ClusterConfigurationOptions { Path = Path.Combine(_folder.Path, "absent") }));

        Assert.Contains("absent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Pod_without_a_root_file_system_of_its_own_names_the_folder_that_stands_for_it()
    {
        var options = Options(("KUBERNETES_SERVICE_HOST", "127.0.0.1"), ("KUBERNETES_SERVICE_PORT", "6443"), ("FAIRLEAD_POD_ROOT", _folder.Path)) with
        {
            ServiceAccountDirectory = "/var/run/secrets",
        };

        var error = Assert.Throws<KubeconfigException>(() => ClusterConfiguration.Load(options));

        Assert.Contains(Path.Join(_folder.Path, "/var/run/secrets/token"), error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private ClusterConfigurationOptions Options(params (string Name, string Value)[] environment) => new()
    {
        Environment = name => environment.FirstOrDefault(entry => entry.Name == name).Value,
        HomeDirectory = _folder.Path,
        ServiceAccountDirectory = _folder.Path,
    };
}
