using System.Security.Cryptography;
using System.Text;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Cryptography;

public sealed class ChaCha20Poly1305CipherTests
{
    private static readonly byte[] Key = [.. Enumerable.Range(0x80, 32).Select(i => (byte)i)];

    // RFC 8439, 2.8.2.
    [Fact]
    public void A_message_is_sealed_as_in_the_RFC()
    {
        var nonce = Convert.FromHexString("070000004041424344454647");
        var data = Convert.FromHexString("50515253c0c1c2c3c4c5c6c7");
        var plaintext = Encoding.ASCII.GetBytes(
            "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");
        var message = new byte[plaintext.Length + ChaCha20Poly1305Cipher.TagSize];
        using var cipher = new ChaCha20Poly1305Cipher(Key);

        cipher.Seal(nonce, plaintext, message, data);

        Assert.Equal(
            "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
            + "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116"
            + "1ae10b594f09e26a7e902ecbd0600691",
            Convert.ToHexStringLower(message));
    }

    [Fact]
    public void Messages_of_all_lengths_are_sealed_as_by_the_base_class_library()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);
        using var reference = new ChaCha20Poly1305(Key);
        var random = new Random(1);
        foreach (var length in Enumerable.Range(0, 300).Concat([1279, 1280, 1500, 4095, 4096, 4097, 65_535]))
        {
            var (nonce, plaintext, data) = (Bytes(random, 12), Bytes(random, length), Bytes(random, length % 40));
            var (expected, tag, message) = (new byte[length], new byte[16], new byte[length + 16]);
            reference.Encrypt(nonce, plaintext, expected, tag, data);

            cipher.Seal(nonce, plaintext, message, data);

            Assert.Equal([.. expected, .. tag], message);
            var opened = new byte[length];
            Assert.True(cipher.TryOpen(nonce, message, opened, data));
            Assert.Equal(plaintext, opened);
        }
    }

    [Fact]
    public void A_message_may_be_sealed_and_opened_in_place()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);
        var plaintext = Bytes(new Random(2), 1280);
        byte[] buffer = [.. plaintext, .. new byte[16]];
        var message = new byte[1296];

        cipher.Seal(7, plaintext, message);
        cipher.Seal(7, buffer.AsSpan(0, 1280), buffer);
        Assert.Equal(message, buffer);

        Assert.True(cipher.TryOpen(7, buffer, buffer));
        Assert.Equal(plaintext, buffer[..1280]);
    }

    [Fact]
    public void A_counter_is_the_little_endian_end_of_the_nonce()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);
        var (byCounter, byNonce) = (new byte[20], new byte[20]);

        cipher.Seal(0x0102030405060708, "text"u8, byCounter);
        cipher.Seal([0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1], "text"u8, byNonce);

        Assert.Equal(byNonce, byCounter);
        Assert.True(cipher.TryOpen(0x0102030405060708, byNonce, new byte[4]));
    }

    [Fact]
    public void A_change_of_any_byte_is_noticed_and_leaves_no_plaintext()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);
        var message = new byte[48];
        cipher.Seal(1, new byte[32], message, "data"u8);
        var opened = new byte[32];
        for (var i = 0; i < message.Length; i++)
        {
            message[i] ^= 0x40;
            opened.AsSpan().Fill(0xFF);
            Assert.False(cipher.TryOpen(1, message, opened, "data"u8));
            Assert.All(opened, value => Assert.Equal(0, value));
            message[i] ^= 0x40;
        }

        Assert.False(cipher.TryOpen(2, message, opened, "data"u8));
        Assert.False(cipher.TryOpen(1, message, opened, "dat"u8));
        Assert.False(cipher.TryOpen(1, message.AsSpan(0, 15), opened));
        Assert.True(cipher.TryOpen(1, message, opened, "data"u8));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);

        Assert.Throws<ArgumentException>(() => new ChaCha20Poly1305Cipher(new byte[31]));
        Assert.Throws<ArgumentException>(() => cipher.Seal(0, new byte[4], new byte[19]));
        Assert.Throws<ArgumentException>(() => cipher.Seal(new byte[11], new byte[4], new byte[20]));
        Assert.Throws<ArgumentException>(() => cipher.TryOpen(0, new byte[20], new byte[3]));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        using var cipher = new ChaCha20Poly1305Cipher(Key);
        var buffer = new byte[1296];
        cipher.Seal(0, buffer.AsSpan(0, 1280), buffer);
        cipher.TryOpen(0, buffer, buffer);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (ulong i = 0; i < 100; i++)
        {
            cipher.Seal(i, buffer.AsSpan(0, 1280), buffer);
            cipher.TryOpen(i, buffer, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_cipher_disposed_of_is_gone()
    {
        var cipher = new ChaCha20Poly1305Cipher(Key);
        cipher.Dispose();

        Assert.Throws<ObjectDisposedException>(() => cipher.Seal(0, [], new byte[16]));
        Assert.Throws<ObjectDisposedException>(() => cipher.TryOpen(0, new byte[16], []));
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
