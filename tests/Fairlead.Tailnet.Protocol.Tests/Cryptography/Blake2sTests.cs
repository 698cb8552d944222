using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Protocol.Tests.Cryptography;

public sealed class Blake2sTests
{
    // RFC 7693, appendix B.
    [Fact]
    public void The_hash_of_abc_is_that_of_the_RFC()
    {
        var hash = new byte[32];
        Blake2s.Hash("abc"u8, hash);

        Assert.Equal("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982", Convert.ToHexStringLower(hash));
    }

    // RFC 7693, appendix E: the hash of the hashes of many lengths, with and without keys.
    [Fact]
    public void The_self_test_of_the_RFC_passes()
    {
        var all = new Blake2sHash(32);
        foreach (var length in (int[])[16, 20, 28, 32])
        {
            foreach (var inputLength in (int[])[0, 3, 64, 65, 255, 1024])
            {
                var input = Sequence(inputLength);
                var hash = new byte[length];
                Blake2s.Hash(input, hash);
                all.Append(hash);
                Blake2s.Mac(Sequence(length), input, hash);
                all.Append(hash);
            }
        }

        var result = new byte[32];
        all.Finish(result);
        Assert.Equal("6a411f08ce25adcdfb02aba641451cec53c598b24f4fc787fbdc88797f4c1dfe", Convert.ToHexStringLower(result));
    }

    [Fact]
    public void Parts_of_any_length_hash_as_the_whole()
    {
        var input = Sequence(300);
        var expected = new byte[32];
        Blake2s.Hash(input, expected);
        for (var part = 1; part <= 300; part++)
        {
            var hash = new Blake2sHash(32);
            for (var at = 0; at < input.Length; at += part) hash.Append(input.AsSpan(at, Math.Min(part, input.Length - at)));
            var actual = new byte[32];
            hash.Finish(actual);
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public void A_copy_goes_on_by_itself()
    {
        var first = new Blake2sHash(32);
        first.Append("abc"u8);
        var second = first;
        second.Append("d"u8);
        var (hash, expected) = (new byte[32], new byte[32]);
        first.Finish(hash);
        Blake2s.Hash("abc"u8, expected);

        Assert.Equal(expected, hash);
    }

    [Fact]
    public void Lengths_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Blake2sHash(33));
        Assert.Throws<ArgumentException>(() => new Blake2sHash(0));
        Assert.Throws<ArgumentException>(() => Blake2s.Mac(new byte[33], [], new byte[32]));
        Assert.Throws<ArgumentException>(() => Blake2s.Mac([], [], new byte[32]));
    }

    // Expected values: Python's hmac module with hashlib.blake2s.
    [Fact]
    public void HMAC_is_that_of_an_independent_implementation()
    {
        var code = new byte[32];
        HmacBlake2s.Hash([.. Enumerable.Range(0, 32).Select(i => (byte)i)], "abc"u8, code);

        Assert.Equal("82623be5bc0a391b24dce53e67d028eff92d586de0485ac37822e597d049c74f", Convert.ToHexStringLower(code));
    }

    [Fact]
    public void HKDF_is_that_of_an_independent_implementation()
    {
        byte[] chainingKey = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
        byte[] input = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];
        byte[][] output = [new byte[32], new byte[32], new byte[32]];
        string[] expected =
        [
            "e3b7e038799447459d13f6cc03b71555c0b32ee93354ebe4526ec98bc53b20a4",
            "ca06d8e46b509266c7c0594805ffb9c256348a33c642381348f047e452d239e2",
            "5ee952936bec1473c13db1cc92b8d8ba5ad2df7c77f07478731d48aa5530a000",
        ];

        HkdfBlake2s.Derive(chainingKey, input, output[0]);
        Assert.Equal(expected[0], Convert.ToHexStringLower(output[0]));

        HkdfBlake2s.Derive(chainingKey, input, output[0], output[1]);
        Assert.Equal(expected[..2], output[..2].Select(Convert.ToHexStringLower));

        // An output may take the place of the chaining key.
        HkdfBlake2s.Derive(chainingKey, input, chainingKey, output[1], output[2]);
        Assert.Equal(expected, output[1..].Select(Convert.ToHexStringLower).Prepend(Convert.ToHexStringLower(chainingKey)));
    }

    // The generator of appendix E.
    private static byte[] Sequence(int length)
    {
        var bytes = new byte[length];
        var (a, b) = (unchecked(0xDEAD4BADu * (uint)length), 1u);
        foreach (ref var value in bytes.AsSpan())
        {
            (a, b) = (b, unchecked(a + b));
            value = (byte)(b >> 24);
        }

        return bytes;
    }
}
