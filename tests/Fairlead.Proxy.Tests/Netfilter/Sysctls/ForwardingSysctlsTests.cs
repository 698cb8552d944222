using System.Net;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.Sysctls;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.Sysctls;

public sealed class ForwardingSysctlsTests
{
    private const string Four = "net.ipv4.ip_forward";
    private const string Six = "net.ipv6.conf.all.forwarding";

    [Theory]
    [InlineData("", false, "")]
    [InlineData("10.96.0.10", false, "", Four)]
    [InlineData("fd00::10", false, "", Six)]
    [InlineData("fd00::10 10.96.0.10", false, "", Four, Six)]
    [InlineData("", true, "", Four)]
    [InlineData("", false, "10.0.0.0/8 fd00::/64", Four, Six)]
    [InlineData("10.0.0.1", false, "fd00::/64", Four, Six)]
    public void Each_family_that_is_forwarded_needs_its_setting(string destinations, bool fqdn, string routes, params string[] expected) => Assert.Equal(
        expected,
        ForwardingSysctls.Required(
            destinations.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse), fqdn, routes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => IPNetwork.Parse(text))));

    [Fact]
    public void Only_what_is_off_is_written()
    {
        using var root = new TemporaryDirectory();
        Directory.CreateDirectory(Path.Combine(root.Path, "net/ipv4"));
        var file = Path.Combine(root.Path, "net/ipv4/ip_forward");
        File.WriteAllText(file, "0\n");
        new KernelSettings(root.Path).Enable([Four]);
        Assert.Equal("1", File.ReadAllText(file));

        File.WriteAllText(file, "1\n");
        new KernelSettings(root.Path).Enable([Four]);
        Assert.Equal("1\n", File.ReadAllText(file));
    }

    [Fact]
    public void A_setting_that_the_kernel_lacks_is_named()
    {
        using var root = new TemporaryDirectory();

        var refused = Assert.Throws<ForwardingException>(() => new KernelSettings(root.Path).Enable([Six]));

        Assert.Contains("The kernel has no setting net.ipv6.conf.all.forwarding", refused.Message, StringComparison.Ordinal);
    }
}
