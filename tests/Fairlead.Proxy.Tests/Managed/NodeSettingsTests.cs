using System.Net;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Managed;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Tests.Managed;

public sealed class NodeSettingsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("node-settings-");

    private string Mounted => Path.Combine(_folder.FullName, "cap-107.hujson");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void What_the_operator_writes_is_taken()
    {
        var single = OptionsOf("""
            "Locked": false, "ServerURL": "https://controlplane.tailscale.com", "AuthKey": "tskey-auth-secret", "Hostname": "default-test",
            "acceptDNS": false, "acceptRoutes": true, "AppConnector": {"Advertise": false}, "NoStatefulFiltering": true
            """);
        var group = OptionsOf("""
            "Locked": false, "ServerURL": "https://controlplane.tailscale.com", "Hostname": "eg-0", "acceptDNS": false, "acceptRoutes": false,
            "AdvertiseServices": ["svc:web"], "StaticEndpoints": ["192.0.2.7:30001", "[2001:db8::7]:30001"]
            """);

        Assert.Equal(("default-test", true, "tskey-auth-secret"), (single.Hostname, single.AcceptRoutes, single.AuthKey));
        Assert.Empty(single.StaticEndpoints);
        Assert.Equal(["svc:web"], group.AdvertiseServices);
        Assert.Equal([IPEndPoint.Parse("192.0.2.7:30001"), IPEndPoint.Parse("[2001:db8::7]:30001")], group.StaticEndpoints);
    }

    [Theory]
    [InlineData("Locked", "true")]
    [InlineData("Enabled", "true")]
    [InlineData("OperatorUser", "\"someone\"")]
    [InlineData("allowLANWhileUsingExitNode", "false")]
    [InlineData("NetfilterMode", "\"nodivert\"")]
    [InlineData("NoStatefulFiltering", "false")]
    [InlineData("DisableSNAT", "false")]
    [InlineData("PostureChecking", "false")]
    [InlineData("RemoteConfig", "false")]
    [InlineData("AutoUpdate", """{"Check": true, "Apply": false}""")]
    [InlineData("AutoUpdate", """{"Check": false, "Apply": null}""")]
    [InlineData("AppConnector", "null")]
    [InlineData("ServeConfigTemp", "null")]
    public void What_a_node_without_daemon_and_TUN_does_anyway_is_taken(string field, string value) => OptionsOf($"\"{field}\": {value}");

    [Theory]
    [InlineData("acceptDNS", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("DisableSNAT", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("AppConnector", """{"Advertise": true}""", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("PostureChecking", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("RemoteConfig", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("RunSSHServer", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("RunWebClient", "true", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("RelayServerPort", "41641", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("RelayServerStaticEndpoints", """["192.0.2.7:41641"]""", "FAIRLEAD_PROXY_ENGINE=tailscaled")]
    [InlineData("AutoUpdate", """{"Check": true, "Apply": true}""", "image")]
    [InlineData("ServeConfigTemp", """{"TCP": {}}""", "TS_SERVE_CONFIG")]
    [InlineData("Enabled", "false", "delete the proxy")]
    [InlineData("StaticEndpoints", """["192.0.2.7"]""", "192.0.2.7:30001")]
    [InlineData("StaticEndpoints", """["node:30001"]""", "192.0.2.7:30001")]
    [InlineData("AdvertiseRoutes", """["10.0.0.1/8"]""", "10.0.0.0/8")]
    public void What_a_managed_node_does_not_do_is_refused_with_file_field_and_remedy(string field, string value, string remedy)
    {
        var error = Assert.Throws<ProxyConfigurationException>(() => OptionsOf($"\"{field}\": {value}"));

        Assert.Contains($"{Mounted}: {field} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_refused_is_told_at_once()
    {
        var error = Assert.Throws<ProxyConfigurationException>(() => OptionsOf("""
            "RunSSHServer": true, "DisableSNAT": true, "Enabled": false
            """));

        Assert.Equal(3, error.Problems.Count);
    }

    [Fact]
    public void The_UDP_port_is_that_of_the_environment()
    {
        Assert.Equal(0, NodeSettings.Options(Read()).UdpPort);
        Assert.Equal(31641, NodeSettings.Options(Read(("PORT", "31641"))).UdpPort);
    }

    private TailnetNodeOptions OptionsOf(string members)
    {
        File.WriteAllText(Mounted, $$"""{ "Version": "alpha0", {{members}} }""");
        return NodeSettings.Options(Read(("TS_EXPERIMENTAL_VERSIONED_CONFIG_DIR", _folder.FullName)));
    }

    private static ProxyConfiguration Read(params (string Name, string Value)[] variables) =>
        ProxyConfigurationReader.Read(variables.ToDictionary(pair => pair.Name, pair => pair.Value), hasDaemon: false);
}
