using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Cryptography;

public sealed class KeyTextTests
{
    private const string Digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void A_key_is_read_from_its_text_and_written_as_it() =>
        Assert.Equal("nodekey:" + Digits, NodePublicKey.Parse("nodekey:" + Digits).ToString());

    [Fact]
    public void An_empty_text_is_the_zero_key() => Assert.True(NodePublicKey.Parse("").IsZero);

    [Theory]
    [InlineData("mkey:" + Digits)]
    [InlineData("nodekey:" + Digits + "20")]
    [InlineData("nodekey:0001")]
    [InlineData("nodekey:zz0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f")]
    public void Another_text_is_refused(string text) => Assert.Throws<FormatException>(() => NodePublicKey.Parse(text));
}
