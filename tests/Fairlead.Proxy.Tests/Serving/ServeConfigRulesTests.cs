using Fairlead.Proxy.Serving;

namespace Fairlead.Proxy.Tests.Serving;

public sealed class ServeConfigRulesTests
{
    [Theory]
    [InlineData("""{ "TCP": { "0": { "HTTP": true } } }""", "TCP[\"0\"]")]
    [InlineData("""{ "TCP": { "http": { "HTTP": true } } }""", "TCP[\"http\"]")]
    [InlineData("""{ "TCP": { "80": null } }""", "TCP[\"80\"] is null")]
    [InlineData("""{ "TCP": { "80": {} } }""", "TCP[\"80\"] needs exactly one")]
    [InlineData("""{ "TCP": { "80": { "HTTP": true, "TCPForward": "10.0.0.1:80" } } }""", "TCP[\"80\"] needs exactly one")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "10.0.0.1" } } }""", "TCP[\"80\"].TCPForward")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "10.0.0.1:0" } } }""", "TCP[\"80\"].TCPForward")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "::1:80" } } }""", "TCP[\"80\"].TCPForward")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "unix:relative" } } }""", "TCP[\"80\"].TCPForward")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "80", "TerminateTLS": "no name" } } }""", "TCP[\"80\"].TerminateTLS")]
    [InlineData("""{ "TCP": { "443": { "HTTPS": true, "TerminateTLS": "app.example.ts.net" } } }""", "TCP[\"443\"].TerminateTLS")]
    [InlineData("""{ "TCP": { "80": { "TCPForward": "80", "ProxyProtocol": 3 } } }""", "TCP[\"80\"].ProxyProtocol")]
    [InlineData("""{ "TCP": { "80": { "HTTP": true, "ProxyProtocol": 1 } } }""", "TCP[\"80\"].ProxyProtocol")]
    [InlineData("""{ "Web": { "app": { "Handlers": { "/": { "Text": "x" } } } } }""", "Web[\"app\"]")]
    [InlineData("""{ "Web": { "app:80": null } }""", "Web[\"app:80\"] is null")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "x": { "Text": "x" } } } } }""", "Handlers[\"x\"]")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": null } } } }""", "Handlers[\"/\"] is null")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": {} } } } }""", "Handlers[\"/\"] needs exactly one")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Text": "x", "Path": "/x" } } } } }""", "Handlers[\"/\"] needs exactly one")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Path": "files" } } } } }""", "Handlers[\"/\"].Path")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Proxy": "ftp://there" } } } } }""", "Handlers[\"/\"].Proxy")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Proxy": "unix:" } } } } }""", "Handlers[\"/\"].Proxy")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Redirect": "404:https://there" } } } } }""", "Handlers[\"/\"].Redirect")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Redirect": "301:" } } } } }""", "Handlers[\"/\"].Redirect")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Redirect": "https://there/\r\nSet-Cookie: x" } } } } }""", "Handlers[\"/\"].Redirect")]
    [InlineData("""{ "Web": { "app:80": { "Handlers": { "/": { "Proxy": "80", "AcceptAppCaps": [null] } } } } }""", "Handlers[\"/\"].AcceptAppCaps")]
    [InlineData("""{ "Services": { "web": {} } }""", "Services[\"web\"]")]
    [InlineData("""{ "Services": { "svc:web": null } }""", "Services[\"svc:web\"] is null")]
    [InlineData("""{ "Services": { "svc:web": { "TCP": { "80": { "TCPForward": "x" } } } } }""", "Services[\"svc:web\"].TCP[\"80\"].TCPForward")]
    [InlineData("""{ "TCP": { "80": { "ProxyProtocol": "one" } } }""", "ProxyProtocol")]
    public void A_bad_value_is_named(string json, string place)
    {
        var problem = Assert.Throws<FormatException>(() => ServeConfig.Parse(json));

        Assert.Contains(place, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("10.0.0.1:80")]
    [InlineData("[fd00::1]:80")]
    [InlineData("web.default.svc.cluster.local:80")]
    [InlineData("unix:/run/web.sock")]
    public void A_place_that_bytes_can_go_on_to_is_taken(string target)
    {
        Assert.Equal(target, ServeConfig.Parse($$"""{ "TCP": { "80": { "TCPForward": "{{target}}" } } }""").Tcp["80"].TcpForward);
        Assert.Equal(target, ServeConfig.Parse($$"""{ "Web": { "app:80": { "Handlers": { "/": { "Proxy": "{{target}}" } } } } }""").Web["app:80"].Handlers["/"].Proxy);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "TCP": {}, "TCP": {} }""")]
    public void What_is_no_configuration_is_said_to_be_none(string text) =>
        Assert.Throws<FormatException>(() => ServeConfigText.Parse(System.Text.Encoding.UTF8.GetBytes(text), "app.embedded.ts.net"));
}
