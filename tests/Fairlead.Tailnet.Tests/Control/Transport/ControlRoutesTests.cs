using Fairlead.Tailnet.Control.Transport;

namespace Fairlead.Tailnet.Tests.Control.Transport;

public sealed class ControlRoutesTests
{
    [Theory]
    [InlineData("https://control.test", false, "http://control.test https://control.test")]
    [InlineData("https://control.test:8443", false, "https://control.test:8443")]
    [InlineData("http://control.test:8080", false, "http://control.test:8080 https://control.test")]
    [InlineData("http://control.test", false, "http://control.test https://control.test")]
    [InlineData("http://localhost:8080", false, "http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080", false, "http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080", false, "http://[::1]:8080")]
    [InlineData("http://10.1.2.3:8080", false, "http://10.1.2.3:8080")]
    [InlineData("http://172.31.2.3:8080", false, "http://172.31.2.3:8080")]
    [InlineData("http://172.32.2.3:8080", false, "http://172.32.2.3:8080 https://172.32.2.3")]
    [InlineData("http://192.168.2.3:8080", false, "http://192.168.2.3:8080")]
    [InlineData("http://[fd00::1]:8080", false, "http://[fd00::1]:8080")]
    [InlineData("https://control.test", true, "https://control.test")]
    [InlineData("http://control.test:8080", true, "https://control.test")]
    public void A_URL_has_these_ways_in_this_order(string url, bool forceTls, string expected) =>
        Assert.Equal(expected, string.Join(' ', ControlRoutes.Of(new Uri(url), forceTls, address: null)));
}
