using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Tests.Configuration;

public sealed class OperatorEnvironmentTests
{
    private static readonly Dictionary<string, string> NoFiles = [];

    [Fact]
    public void Empty_variables_count_as_unset()
    {
        var settings = Environment(("OPERATOR_NAMESPACE", "tailscale"), ("PROXY_IMAGE", ""), ("PROXY_TAGS", "")).Settings();

        Assert.Equal("tailscale/tailscale:latest", settings.ProxyImage);
        Assert.Equal(["tag:k8s"], settings.ProxyTags);
        Assert.Equal("", settings.ProxyFirewallMode);
        Assert.Equal("https://controlplane.tailscale.com", settings.LoginUrl);
    }

    [Fact]
    public void Lists_are_trimmed_and_one_trailing_slash_goes()
    {
        var settings = Environment(
            ("OPERATOR_NAMESPACE", "tailscale"), ("PROXY_TAGS", "tag:a, tag:b,"), ("OPERATOR_LOGIN_SERVER", "https://head.example/")).Settings();

        Assert.Equal(["tag:a", "tag:b"], settings.ProxyTags);
        Assert.Equal("https://head.example", settings.LoginUrl);
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    [InlineData("True", false)]
    [InlineData("1", false)]
    public void Only_the_word_true_is_true(string text, bool expected) =>
        Assert.Equal(expected, Environment(("OPERATOR_NAMESPACE", "x"), ("OPERATOR_DEFAULT_LOAD_BALANCER", text)).Settings().DefaultLoadBalancer);

    [Fact]
    public void The_namespace_of_the_Pod_is_the_operators()
    {
        var environment = new OperatorEnvironment(
            _ => null, path => path.EndsWith("/namespace", StringComparison.Ordinal) ? " ops\n" : null);

        Assert.Equal("ops", environment.Settings().Namespace);
    }

    [Fact]
    public void An_unknown_namespace_is_an_error_that_names_the_remedy()
    {
        var error = Assert.Throws<OperatorConfigurationException>(() => Environment().Settings());

        Assert.Contains("set OPERATOR_NAMESPACE", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OPERATOR_LOGIN_SERVER", "controlplane")]
    [InlineData("OPERATOR_LOGIN_SERVER", "ftp://example.com")]
    [InlineData("FAIRLEAD_PROXY_ENGINE", "Managed")]
    public void A_bad_setting_is_named_with_its_value(string name, string value)
    {
        var error = Assert.Throws<OperatorConfigurationException>(() => Environment(("OPERATOR_NAMESPACE", "x"), (name, value)).Settings());

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_managed_engine_needs_an_image_that_has_it()
    {
        var error = Assert.Throws<OperatorConfigurationException>(() => Environment(("OPERATOR_NAMESPACE", "x"), ("FAIRLEAD_PROXY_ENGINE", "managed")).Settings());
        var settings = Environment(("OPERATOR_NAMESPACE", "x"), ("FAIRLEAD_PROXY_ENGINE", "managed"), ("PROXY_IMAGE", "example.com/fairlead:1")).Settings();

        Assert.Contains("PROXY_IMAGE", error.Message, StringComparison.Ordinal);
        Assert.Equal(ProxyEngine.Managed, settings.ProxyEngine);
    }

    [Theory]
    [InlineData("FAIRLEAD_WORKERS", "0")]
    [InlineData("FAIRLEAD_WORKERS", "many")]
    [InlineData("FAIRLEAD_LISTEN_ADDRESS", "8080x")]
    [InlineData("FAIRLEAD_LOG_FORMAT", "xml")]
    public void A_bad_process_setting_is_named_with_its_value(string name, string value)
    {
        var error = Assert.Throws<OperatorConfigurationException>(() => Environment((name, value)).Process());

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(value, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search tailscale.svc.k8s.example svc.k8s.example k8s.example lan", "k8s.example")]
    [InlineData("nameserver 10.96.0.10\nsearch tailscale.svc.k8s.example. svc.k8s.example. K8S.example.\noptions ndots:5", "k8s.example")]
    [InlineData("search old.example\nsearch tailscale.svc.a.b svc.a.b a.b", "a.b")]
    [InlineData("search tailscale.svc.k8s.example svc.k8s.example", "cluster.local")]
    [InlineData("search other.svc.k8s.example svc.k8s.example k8s.example", "cluster.local")]
    [InlineData("search tailscale.svc.k8s.example svc.k8s.example other.example", "cluster.local")]
    [InlineData("search lan", "cluster.local")]
    [InlineData("", "cluster.local")]
    public void The_cluster_domain_is_read_from_the_resolver_configuration(string text, string domain)
    {
        var files = new Dictionary<string, string> { ["/etc/resolv.conf"] = text };

        Assert.Equal(domain, Environment(files, ("OPERATOR_NAMESPACE", "tailscale")).Settings().ClusterDomain);
        Assert.Equal("set.example", Environment(files, ("OPERATOR_NAMESPACE", "tailscale"), ("FAIRLEAD_CLUSTER_DOMAIN", "set.example")).Settings().ClusterDomain);
    }

    private static OperatorEnvironment Environment(params (string Name, string Value)[] variables) => Environment(NoFiles, variables);

    private static OperatorEnvironment Environment(Dictionary<string, string> files, params (string Name, string Value)[] variables) =>
        new(name => variables.FirstOrDefault(variable => variable.Name == name).Value, path => files.GetValueOrDefault(path));
}
