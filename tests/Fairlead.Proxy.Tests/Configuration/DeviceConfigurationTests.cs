using System.Text;
using Fairlead.Proxy.Configuration;

namespace Fairlead.Proxy.Tests.Configuration;

public sealed class DeviceConfigurationTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("device-configuration-");

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void The_newest_file_that_is_not_too_new_is_used()
    {
        foreach (var name in (string[])["tailscaled", "cap-95.hujson", "cap-106.hujson", "cap-9999.hujson", "cap-x.hujson", "other"])
        {
            File.WriteAllText(Path.Combine(_folder.FullName, name), "{}");
        }

        Assert.Equal("cap-106.hujson", Path.GetFileName(DeviceConfigurationFolder.FileIn(_folder.FullName)));
    }

    [Fact]
    public void A_folder_without_a_usable_file_is_named()
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "cap-9999.hujson"), "{}");

        var error = Assert.Throws<ProxyConfigurationException>(() => DeviceConfigurationFolder.FileIn(_folder.FullName));

        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Comments_and_trailing_commas_are_fine()
    {
        var file = Parse("""
            {
              // by the operator
              "Version": "alpha0", "Hostname": "web", "acceptDNS": false, "AdvertiseRoutes": null,
              "AuthKey": "tskey-auth-secret",
            }
            """);

        Assert.Equal("web", file.Hostname);
        Assert.False(file.AcceptDns);
        Assert.DoesNotContain("secret", file.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Version": "alpha1"}""", "alpha0")]
    [InlineData("""{"Version": "alpha0", "Hostnam": "x"}""", "line 1")]
    [InlineData("""{"Version": "alpha0", "AuthKey": "tskey-auth-secret" """, "line")]
    public void A_file_of_another_form_is_refused_without_showing_it(string text, string expected)
    {
        var error = Assert.Throws<ProxyConfigurationException>(() => Parse(text));

        Assert.Contains("/etc/tsconfig/cap-106.hujson", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    private static DeviceConfigurationFile Parse(string text) =>
        DeviceConfigurationFile.Parse(Encoding.UTF8.GetBytes(text), "/etc/tsconfig/cap-106.hujson");
}
