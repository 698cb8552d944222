using Fairlead.Tailnet.Control.Registration;

namespace Fairlead.Tailnet.Tests.Control;

public sealed class ClientSecretTests
{
    [Theory]
    [InlineData("tskey-auth-a-b")]
    [InlineData("")]
    [InlineData("other?ephemeral=maybe")]
    public void Other_keys_are_none(string text) => Assert.False(ClientSecret.TryParse(text, out _));

    [Fact]
    public void Without_attributes_nodes_are_ephemeral_and_need_approval()
    {
        Assert.True(ClientSecret.TryParse("tskey-client-a-b", out var secret));
        Assert.True(secret is { Secret: "tskey-client-a-b", Ephemeral: true, Preauthorized: false });
        Assert.Equal("https://api.tailscale.com/", secret!.BaseUrl.ToString());
    }

    [Theory]
    [InlineData("tskey-client-a-b?ephemeral=maybe")]
    [InlineData("tskey-client-a-b?unknown=1")]
    [InlineData("tskey-client-a-b?baseURL=ftp://x")]
    public void Attributes_that_are_not_understood_are_an_error_that_does_not_repeat_the_secret(string text) =>
        Assert.DoesNotContain("a-b", Assert.Throws<FormatException>(() => ClientSecret.TryParse(text, out _)).Message, StringComparison.Ordinal);
}
