using System.Runtime.Versioning;
using Fairlead.Proxy.Forwarding;
using Fairlead.Proxy.Netfilter.TunDevices;
using Fairlead.Proxy.Tests.Netfilter.Namespaces;

namespace Fairlead.Proxy.Tests.Netfilter.TunDevices;

[SupportedOSPlatform("linux")]
public sealed class TunDeviceFileTests
{
    [Fact]
    public void A_missing_file_is_made_or_the_remedy_is_said()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "net", "tun");

        var refused = Record.Exception(() => TunDeviceFile.Ensure(path));

        if (refused is null)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            TunDeviceFile.Ensure(path);
        }
        else
        {
            Assert.IsType<ForwardingException>(refused);
            Assert.Contains($"The TUN device file {path} is missing and cannot be made", refused.Message, StringComparison.Ordinal);
            Assert.Contains("CAP_MKNOD", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_that_is_there_is_left_alone()
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "tun");
        File.WriteAllText(path, "as it was");

        TunDeviceFile.Ensure(path);

        Assert.Equal("as it was", File.ReadAllText(path));
    }
}
