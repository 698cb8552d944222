using System.Net;
using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Tailscaled;

namespace Fairlead.Proxy.Tests.Tailscaled;

public sealed class DaemonCommandLineTests
{
    private static readonly ProxyConfiguration Basic = new() { Socket = "/tmp/s", Userspace = false };

    [Fact]
    public void State_lies_in_the_secret_the_directory_or_memory_in_this_order()
    {
        Assert.Equal(
            ["--socket=/tmp/s", "--state=kube:proxy-0", "--statedir=/tmp"],
            DaemonCommandLine.Arguments(Basic with { IsInKubernetes = true, StateSecret = "proxy-0" }));
        Assert.Equal(
            ["--socket=/tmp/s", "--state=kube:proxy-0", "--statedir=/data"],
            DaemonCommandLine.Arguments(Basic with { IsInKubernetes = true, StateSecret = "proxy-0", StateDirectory = "/data" }));
        Assert.Equal(["--socket=/tmp/s", "--statedir=/data"], DaemonCommandLine.Arguments(Basic with { StateDirectory = "/data" }));
        Assert.Equal(["--socket=/tmp/s", "--state=mem:", "--statedir=/tmp"], DaemonCommandLine.Arguments(Basic));
    }

    [Fact]
    public void Further_arguments_come_last_and_win()
    {
        var all = Basic with
        {
            StateDirectory = "/data",
            Userspace = true,
            SocksServer = ":1055",
            HttpProxy = ":1056",
            DebugAddress = new IPEndPoint(IPAddress.Loopback, 9001),
            DaemonArguments = ["--verbose=1"],
        };

        Assert.Equal(
            [
                "--socket=/tmp/s", "--statedir=/data", "--tun=userspace-networking", "--socks5-server=:1055", "--outbound-http-proxy-listen=:1056",
                "--debug=127.0.0.1:9001", "--verbose=1",
            ],
            DaemonCommandLine.Arguments(all));
        Assert.DoesNotContain("--debug=127.0.0.1:9001", DaemonCommandLine.Arguments(all with { DaemonArguments = ["-debug", ":1"] }));
    }

    [Theory]
    [InlineData("ingress-0", "rw")]
    [InlineData("ingress-10", "ro")]
    public void One_replica_of_a_group_issues_certificates(string pod, string mode)
    {
        var environment = DaemonCommandLine.Environment(Basic with { CertificateShare = true, PodName = pod }, new Dictionary<string, string> { ["PATH"] = "/bin" });

        Assert.Equal(mode, environment["TS_CERT_SHARE_MODE"]);
        Assert.Equal("/bin", environment["PATH"]);
    }
}
