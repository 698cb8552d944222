using System.Security.Cryptography;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Cryptography;

public sealed class NaclBoxTests : IDisposable
{
    private readonly PrivateKey _alice = new(Convert.FromHexString("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
    private readonly PrivateKey _bob = new(Convert.FromHexString("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
    private readonly byte[] _nonce = Convert.FromHexString("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    // NaCl's own test of crypto_box ("Cryptography in NaCl", 10).
    [Fact]
    public void A_message_is_sealed_as_by_NaCl()
    {
        var message = Convert.FromHexString(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
            + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
            + "5e0705");
        var box = new byte[message.Length + NaclBox.Overhead];
        using var sealing = new NaclBox(_alice, _bob.PublicKey);
        using var opening = new NaclBox(_bob, _alice.PublicKey);

        sealing.Seal(_nonce, message, box);

        Assert.Equal(
            "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
            + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
            + "7973f622a43d14a6599b1f654cb45a74e355a5",
            Convert.ToHexStringLower(box));
        var opened = new byte[message.Length];
        Assert.True(opening.TryOpen(_nonce, box, opened));
        Assert.Equal(message, opened);
    }

    [Fact]
    public void A_box_may_be_made_and_opened_in_place()
    {
        using var box = new NaclBox(_alice, _bob.PublicKey);
        for (var length = 0; length < 300; length++)
        {
            var message = new byte[length];
            new Random(length).NextBytes(message);
            var (apart, inPlace) = (new byte[length + 16], (byte[])[.. new byte[16], .. message]);

            box.Seal(_nonce, message, apart);
            box.Seal(_nonce, inPlace.AsSpan(16), inPlace);
            Assert.Equal(apart, inPlace);

            Assert.True(box.TryOpen(_nonce, inPlace, inPlace.AsSpan(16)));
            Assert.Equal(message, inPlace[16..]);
        }
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        using var box = new NaclBox(_alice, _bob.PublicKey);
        var sealedMessage = new byte[80];
        box.Seal(_nonce, new byte[64], sealedMessage);
        var opened = new byte[64];
        for (var i = 0; i < sealedMessage.Length; i++)
        {
            sealedMessage[i] ^= 1;
            Assert.False(box.TryOpen(_nonce, sealedMessage, opened));
            sealedMessage[i] ^= 1;
        }

        Assert.False(box.TryOpen(new byte[24], sealedMessage, opened));
        Assert.False(box.TryOpen(_nonce, sealedMessage.AsSpan(0, 15), opened));
        Assert.All(opened, value => Assert.Equal(0, value));
        Assert.True(box.TryOpen(_nonce, sealedMessage, opened));
    }

    [Fact]
    public void A_key_of_low_order_makes_no_box()
    {
        var error = Assert.Throws<CryptographicException>(() => new NaclBox(_alice, default));

        Assert.Contains("low order", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_box_disposed_of_is_gone()
    {
        var box = new NaclBox(_alice, _bob.PublicKey);
        box.Dispose();

        Assert.Throws<ObjectDisposedException>(() => box.Seal(_nonce, [], new byte[16]));
    }

    [Theory]
    // RFC 8439, 2.5.2, and of appendix A.3 those that reach the ends of the modulus.
    [InlineData("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", "Cryptographic Forum Research Group", "a8061dc1305136c6c22b8baf0c0127a9")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "03000000000000000000000000000000")]
    [InlineData("02000000000000000000000000000000ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000", "03000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000", "05000000000000000000000000000000")]
    [InlineData("0100000000000000000000000000000000000000000000000000000000000000", "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101", "00000000000000000000000000000000")]
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000", "fdffffffffffffffffffffffffffffff", "faffffffffffffffffffffffffffffff")]
    [InlineData("0100000000000000040000000000000000000000000000000000000000000000", "e33594d7505e43b900000000000000003394d7505e4379cd01000000000000000000000000000000000000000000000001000000000000000000000000000000", "14000000000000005500000000000000")]
    [InlineData("0100000000000000040000000000000000000000000000000000000000000000", "e33594d7505e43b900000000000000003394d7505e4379cd010000000000000000000000000000000000000000000000", "13000000000000000000000000000000")]
    public void The_authenticator_is_that_of_the_RFC(string key, string message, string expected)
    {
        var bytes = message.Contains(' ', StringComparison.Ordinal) ? Encoding.ASCII.GetBytes(message) : Convert.FromHexString(message);
        var tag = new byte[16];

        Poly1305.Compute(Convert.FromHexString(key), bytes, tag);

        Assert.Equal(expected, Convert.ToHexStringLower(tag));
    }
}
