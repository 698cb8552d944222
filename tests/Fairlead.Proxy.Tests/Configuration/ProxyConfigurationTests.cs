using System.Net;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Forwarding;

namespace Fairlead.Proxy.Tests.Configuration;

public sealed class ProxyConfigurationTests
{
    [Fact]
    public void The_operators_environment_of_an_ingress_proxy_is_understood()
    {
        var configuration = Read(
            false,
            ("TS_KUBE_SECRET", "ts-web-x7f2q-0"),
            ("TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", "/etc/tsconfig/ts-web-x7f2q-0"),
            ("TS_DEST_IP", "10.96.3.4"),
            ("TS_USERSPACE", "false"),
            ("TS_AUTH_ONCE", "true"),
            ("TS_LOCAL_ADDR_PORT", "fd00::7:9002"),
            ("TS_ENABLE_METRICS", "true"),
            ("POD_IPS", "10.244.0.9,fd00::7"),
            ("KUBERNETES_SERVICE_HOST", "10.96.0.1"));

        Assert.Equal(ProxyEngine.Managed, configuration.Engine);
        Assert.Equal("ts-web-x7f2q-0", configuration.StateSecret);
        Assert.Equal(IPAddress.Parse("10.96.3.4"), configuration.DestinationIp);
        Assert.False(configuration.Userspace);
        Assert.True(configuration.AuthOnce);
        Assert.Equal(new IPEndPoint(IPAddress.Parse("fd00::7"), 9002), configuration.LocalAddress);
        Assert.Equal(2, configuration.PodIps.Length);
        Assert.True(configuration.IsInKubernetes);
    }

    [Fact]
    public void Defaults_are_those_of_upstreams_image()
    {
        var configuration = Read(true);

        Assert.Equal(ProxyEngine.Tailscaled, configuration.Engine);
        Assert.True(configuration.Userspace);
        Assert.Null(configuration.Routes);
        Assert.Equal("", configuration.StateSecret);
        Assert.Equal("/tmp/tailscaled.sock", configuration.Socket);
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Any, 9002), configuration.LocalAddress);
        Assert.Equal(TimeSpan.FromSeconds(60), configuration.BootTimeout);
        Assert.True(configuration.AdvertiseServices);
    }

    [Fact]
    public void A_Pod_that_is_a_plain_process_is_told_where_its_files_address_resolver_and_low_ports_are()
    {
        var configuration = Read(
            false,
            ("FAIRLEAD_POD_ROOT", "/run/pods/a"),
            ("FAIRLEAD_POD_IP", "127.64.128.2"),
            ("FAIRLEAD_CLUSTER_DNS", "127.64.0.10:10053"),
            ("FAIRLEAD_CLUSTER_SEARCH", "default.svc.cluster.local svc.cluster.local"),
            ("FAIRLEAD_LOW_PORT_OFFSET", "10000"),
            ("TS_KUBE_SECRET", "ts-web-x7f2q-0"),
            ("TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", "/etc/tsconfig/ts-web-x7f2q-0"),
            ("TS_SERVE_CONFIG", "/etc/serve/serve.json"),
            ("TS_STATE_DIR", "state"),
            ("TS_ENABLE_HEALTH_CHECK", "true"));

        Assert.Equal("/run/pods/a/etc/tsconfig/ts-web-x7f2q-0", configuration.ConfigurationDirectory);
        Assert.Equal("/run/pods/a/etc/serve/serve.json", configuration.ServeConfigPath);
        Assert.Equal("state", configuration.StateDirectory);
        Assert.Equal(IPEndPoint.Parse("127.64.128.2:9002"), configuration.LocalAddress);
        Assert.Equal([IPAddress.Parse("127.64.128.2")], configuration.PodIps);
        Assert.Equal(IPEndPoint.Parse("127.64.0.10:10053"), configuration.ClusterDns);
        Assert.Equal(["default.svc.cluster.local", "svc.cluster.local"], configuration.ClusterSearch);
        Assert.Equal((10080, 1023 + 10_000, 8080), (configuration.LowPorts.Locate(80), configuration.LowPorts.Locate(1023), configuration.LowPorts.Locate(8080)));
    }

    [Fact]
    public void An_auth_key_in_a_mounted_file_is_looked_for_below_the_Pods_root()
    {
        var configuration = Read(false, ("FAIRLEAD_POD_ROOT", "/run/pods/a"), ("TS_AUTHKEY", "file:/etc/key"));

        Assert.Equal("file:/run/pods/a/etc/key", configuration.Credentials.AuthKey);
    }

    [Fact]
    public void Wrong_addresses_of_a_plain_process_are_named()
    {
        var problems = Assert.Throws<ProxyConfigurationException>(() => Read(
            false, ("FAIRLEAD_POD_IP", "here"), ("FAIRLEAD_CLUSTER_DNS", "127.64.0.10"), ("FAIRLEAD_LOW_PORT_OFFSET", "64513"))).Message;

        Assert.Contains("FAIRLEAD_POD_IP is 'here'", problems, StringComparison.Ordinal);
        Assert.Contains("FAIRLEAD_CLUSTER_DNS is '127.64.0.10'", problems, StringComparison.Ordinal);
        Assert.Contains("FAIRLEAD_LOW_PORT_OFFSET is '64513'; write a number from 0 to 64512.", problems, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_but_empty_is_not_the_same_as_unset()
    {
        Assert.Equal("", Read(true, ("TS_ROUTES", "")).Routes);
        Assert.Equal("", Read(true, ("KUBERNETES_SERVICE_HOST", "10.96.0.1"), ("TS_KUBE_SECRET", "")).StateSecret);
        Assert.Equal("tailscale", Read(true, ("KUBERNETES_SERVICE_HOST", "10.96.0.1")).StateSecret);
    }

    [Theory]
    [InlineData("--accept-dns --ssh", false, true)]
    [InlineData("--ssh --accept-dns=false", true, false)]
    public void Accept_dns_among_the_extra_arguments_wins(string arguments, bool variable, bool expected)
    {
        var configuration = Read(true, ("TS_EXTRA_ARGS", arguments), ("TS_ACCEPT_DNS", variable ? "true" : "false"));

        Assert.Equal(expected, configuration.AcceptDns);
        Assert.Equal(["--ssh"], configuration.ExtraArguments);
    }

    [Fact]
    public void What_a_ProxyClass_with_metrics_sets_is_taken_by_either_engine()
    {
        foreach (var hasDaemon in (bool[])[true, false])
        {
            var configuration = Read(
                hasDaemon,
                ("TS_LOCAL_ADDR_PORT", "10.244.0.7:9002"),
                ("TS_ENABLE_METRICS", "true"),
                ("TS_DEBUG_ADDR_PORT", "10.244.0.7:9001"),
                ("TS_TAILSCALED_EXTRA_ARGS", "--debug=10.244.0.7:9001"));

            Assert.True(configuration.Metrics);
            Assert.Equal(IPEndPoint.Parse("10.244.0.7:9001"), configuration.DebugAddress);
        }
    }

    [Fact]
    public void Egress_ports_name_protocol_and_number()
    {
        var configuration = Read(false, ("TS_TAILNET_TARGET_FQDN", "db.tail.ts.net"), ("FAIRLEAD_EGRESS_PORTS", "5432, 53/udp"));

        Assert.Equal(
            [new EgressListenPort(TransportProtocol.Tcp, 5432), new EgressListenPort(TransportProtocol.Udp, 53)], configuration.EgressPorts);
    }

    [Theory]
    [InlineData("TS_DEST_IP", "web", "no IP address")]
    [InlineData("TS_BOOT_TIMEOUT", "soon", "60s")]
    [InlineData("POD_IPS", "10.0.0.1,10.0.0.2,10.0.0.3", "two at most")]
    [InlineData("FAIRLEAD_EGRESS_PORTS", "5432/sctp", "53/udp")]
    [InlineData("FAIRLEAD_PROXY_ENGINE", "other", "managed or tailscaled")]
    [InlineData("TS_DEBUG_FIREWALL_MODE", "ipfw", "nftables")]
    [InlineData("TS_EXTRA_ARGS", "--accept-dns=maybe", "true or false")]
    public void A_value_that_cannot_be_read_is_named_with_its_remedy(string name, string value, string remedy)
    {
        var error = Assert.Throws<ProxyConfigurationException>(() => Read(false, (name, value)));

        Assert.Contains(name, error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TS_ENABLE_HEALTH_CHECK", "true")]
    [InlineData("TS_ENABLE_METRICS", "true")]
    [InlineData("TS_EGRESS_PROXIES_CONFIG_PATH", "/etc/proxies")]
    public void An_address_is_read_only_where_something_is_served_there(string served, string value)
    {
        var used = Assert.Throws<ProxyConfigurationException>(() => Read(false, ("TS_LOCAL_ADDR_PORT", "9002"), (served, value)));

        Assert.Contains("TS_LOCAL_ADDR_PORT is '9002'; write an IP address and a port, as 127.0.0.1:9002", used.Message, StringComparison.Ordinal);
        Read(false, ("TS_LOCAL_ADDR_PORT", "9002"));
    }

    [Theory]
    [InlineData(true, "TS_DEST_IP=10.0.0.1", "TS_USERSPACE=false")]
    [InlineData(true, "TS_USERSPACE=false TS_DEST_IP=10.0.0.1 TS_EXPERIMENTAL_DEST_DNS_NAME=web", "two destinations")]
    [InlineData(true, "TS_USERSPACE=false TS_TAILNET_TARGET_IP=100.64.0.1 TS_TAILNET_TARGET_FQDN=db", "two targets")]
    [InlineData(true, "TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR=/c TS_HOSTNAME=web", "TS_HOSTNAME")]
    [InlineData(true, "TS_AUTHKEY=tskey-auth-x TS_CLIENT_ID=id", "two ways to log in")]
    [InlineData(true, "TS_ID_TOKEN=t", "TS_CLIENT_ID")]
    [InlineData(true, "TS_CLIENT_ID=id TS_AUDIENCE=a TS_CLIENT_SECRET=s", "two ways to log in")]
    [InlineData(true, "TS_USERSPACE=false EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS=true POD_IP=10.0.0.1", "TS_SERVE_CONFIG")]
    [InlineData(true, "TS_USERSPACE=false EXPERIMENTAL_ALLOW_PROXYING_CLUSTER_TRAFFIC_VIA_INGRESS=true TS_SERVE_CONFIG=/s", "status.podIP")]
    [InlineData(true, "TS_HEALTHCHECK_ADDR_PORT=127.0.0.1:9 TS_ENABLE_HEALTH_CHECK=true", "deprecated")]
    [InlineData(true, "TS_EGRESS_PROXIES_CONFIG_PATH=/e POD_IP=10.0.0.1", "TS_KUBE_SECRET")]
    [InlineData(false, "TS_INGRESS_PROXIES_CONFIG_PATH=/i KUBERNETES_SERVICE_HOST=10.96.0.1 TS_KUBE_SECRET=", "TS_KUBE_SECRET")]
    [InlineData(false, "TS_INGRESS_PROXIES_CONFIG_PATH=/i KUBERNETES_SERVICE_HOST=10.96.0.1", "status.podIPs")]
    [InlineData(false, "TS_EXPERIMENTAL_CERT_SHARE=true", "TS_KUBE_SECRET")]
    [InlineData(false, "TS_EXPERIMENTAL_CERT_SHARE=true KUBERNETES_SERVICE_HOST=10.96.0.1", "metadata.name")]
    [InlineData(false, "TS_SOCKS5_SERVER=:1080", "runs none")]
    [InlineData(false, "TS_TAILNET_TARGET_IP=100.64.0.1", "FAIRLEAD_EGRESS_PORTS")]
    [InlineData(false, "TS_TAILSCALED_EXTRA_ARGS=--verbose=1", "runs none")]
    [InlineData(false, "TS_ACCEPT_DNS=true", "TS_ACCEPT_DNS asks for the tailnet's DNS")]
    [InlineData(false, "TS_EXTRA_ARGS=--accept-dns", "TS_EXTRA_ARGS asks for the tailnet's DNS")]
    [InlineData(false, "PORT=a", "write a number")]
    public void Contradictions_are_refused_with_a_remedy(bool hasDaemon, string variables, string remedy)
    {
        var error = Assert.Throws<ProxyConfigurationException>(
            () => Read(hasDaemon, [.. variables.Split(' ').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1]))]));

        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("tskey-auth-x", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var error = Assert.Throws<ProxyConfigurationException>(
            () => Read(true, ("TS_USERSPACE", "false"), ("TS_DEST_IP", "x"), ("TS_BOOT_TIMEOUT", "y"), ("TS_ID_TOKEN", "z")));

        Assert.Equal(["TS_DEST_IP", "TS_BOOT_TIMEOUT", "TS_ID_TOKEN"], error.Problems.Select(problem => problem.Split(' ')[0]));
    }

    private static ProxyConfiguration Read(bool hasDaemon, params (string Name, string Value)[] variables) =>
        ProxyConfigurationReader.Read(variables.ToDictionary(pair => pair.Name, pair => pair.Value), hasDaemon);
}
