using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Cryptography;

public sealed class PrivateKeyTests
{
    // RFC 7748, 6.1.
    private const string Alice = "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a";
    private const string AlicePublic = "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a";
    private const string Bob = "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb";
    private const string BobPublic = "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f";
    private const string Shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";

    [Theory]
    [InlineData(Alice, BobPublic, Shared)]
    [InlineData(Bob, AlicePublic, Shared)]
    // RFC 7748, 5.2.
    [InlineData("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c", "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")]
    [InlineData("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493", "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957")]
    public void Two_keys_agree_on_what_the_RFC_says(string privateKey, string publicKey, string expected)
    {
        using var key = new PrivateKey(Convert.FromHexString(privateKey));
        var secret = new byte[PrivateKey.Size];

        Assert.True(key.TryAgree(new PublicKey(Convert.FromHexString(publicKey)), secret));
        Assert.Equal(expected, Convert.ToHexStringLower(secret));
    }

    [Theory]
    [InlineData(Alice, AlicePublic)]
    [InlineData(Bob, BobPublic)]
    public void The_public_key_is_the_one_of_the_RFC(string privateKey, string publicKey)
    {
        using var key = new PrivateKey(Convert.FromHexString(privateKey));

        Assert.Equal(publicKey, key.PublicKey.ToString());
    }

    [Theory]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")]
    public void A_public_key_of_low_order_is_refused(string publicKey)
    {
        using var key = PrivateKey.Generate();
        var secret = new byte[PrivateKey.Size];
        secret.AsSpan().Fill(1);

        Assert.False(key.TryAgree(new PublicKey(Convert.FromHexString(publicKey)), secret));
        Assert.All(secret, value => Assert.Equal(0, value));
    }

    [Fact]
    public void A_key_survives_the_way_into_a_store_and_back()
    {
        using var key = NodePrivateKey.Generate();
        using var read = NodePrivateKey.Parse(key.ToText());

        Assert.Equal(key.PublicKey, read.PublicKey);
        Assert.Equal(key.ToText(), read.ToText());
    }

    [Theory]
    [InlineData("")]
    [InlineData(Alice)]
    [InlineData("nodekey:" + Alice)]
    [InlineData("privkey:" + Alice + "00")]
    [InlineData("privkey:zz076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")]
    public void A_text_that_is_no_key_is_refused_without_being_repeated(string text)
    {
        var error = Assert.Throws<FormatException>(() => MachinePrivateKey.Parse(text));

        Assert.DoesNotContain("7318a57d3c16c172", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_shown_by_its_public_half()
    {
        using var key = MachinePrivateKey.Parse("privkey:" + Alice);

        Assert.Equal("private key of mkey:" + AlicePublic, key.ToString());
        Assert.DoesNotContain(Alice, key.Key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_can_be_generated_from_a_given_source()
    {
        using var first = DiscoPrivateKey.Generate(new CountingBytes());
        using var second = DiscoPrivateKey.Generate(new CountingBytes());

        Assert.Equal(first.PublicKey, second.PublicKey);
    }

    [Fact]
    public void A_key_disposed_of_is_gone()
    {
        var key = PrivateKey.Generate();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(key.ToText);
        Assert.Throws<ObjectDisposedException>(() => key.TryAgree(key.PublicKey, new byte[PrivateKey.Size]));
    }

    private sealed class CountingBytes : RandomNumberGenerator
    {
        private byte _next;

        public override void GetBytes(byte[] data)
        {
            foreach (ref var value in data.AsSpan())
            {
                value = _next++;
            }
        }
    }
}
