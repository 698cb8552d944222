using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>
/// Poly1305 (RFC 8439, 2.5) for the short messages of <see cref="NaclBox"/>, in limbs of 44, 44 and 42 bits. Takes the same time for
/// all messages of a length.
/// </summary>
internal static class Poly1305
{
    public const int KeySize = 32;
    public const int TagSize = 16;

    private const int BlockSize = 16;
    private const ulong Mask44 = (1UL << 44) - 1;
    private const ulong Mask42 = (1UL << 42) - 1;

    /// <param name="key">32 bytes that are used for this message alone.</param>
    /// <param name="tag">At least 16 bytes.</param>
    public static void Compute(ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> message, Span<byte> tag)
    {
        var t0 = BinaryPrimitives.ReadUInt64LittleEndian(key) & 0x0FFFFFFC_0FFFFFFF;
        var t1 = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]) & 0x0FFFFFFC_0FFFFFFC;
        ulong r0 = t0 & Mask44, r1 = ((t0 >> 44) | (t1 << 20)) & Mask44, r2 = t1 >> 24;
        // A limb that passes bit 130 counts five times, and four for the two bits between 3 × 44 and 130.
        ulong s1 = r1 * 20, s2 = r2 * 20;
        ulong h0 = 0, h1 = 0, h2 = 0;
        Span<byte> last = stackalloc byte[BlockSize];
        while (!message.IsEmpty)
        {
            var end = 1UL << 40;
            if (message.Length < BlockSize)
            {
                last.Clear();
                message.CopyTo(last);
                last[message.Length] = 1;
                message = last;
                end = 0;
            }

            t0 = BinaryPrimitives.ReadUInt64LittleEndian(message);
            t1 = BinaryPrimitives.ReadUInt64LittleEndian(message[8..]);
            message = message[BlockSize..];
            h0 += t0 & Mask44;
            h1 += ((t0 >> 44) | (t1 << 20)) & Mask44;
            h2 += (t1 >> 24) | end;
            var d0 = Product(h0, r0) + Product(h1, s2) + Product(h2, s1);
            var d1 = Product(h0, r1) + Product(h1, r0) + Product(h2, s2);
            var d2 = Product(h0, r2) + Product(h1, r1) + Product(h2, r0);
            h0 = (ulong)d0 & Mask44;
            d1 += d0 >> 44;
            h1 = (ulong)d1 & Mask44;
            d2 += d1 >> 44;
            h2 = (ulong)d2 & Mask42;
            h0 += (ulong)(d2 >> 42) * 5;
            h1 += h0 >> 44;
            h0 &= Mask44;
        }

        Reduce(ref h0, ref h1, ref h2);
        var sum = h0 | ((UInt128)h1 << 44) | ((UInt128)h2 << 88);
        BinaryPrimitives.WriteUInt128LittleEndian(tag, sum + BinaryPrimitives.ReadUInt128LittleEndian(key[16..]));
    }

    private static UInt128 Product(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out var low);
        return new UInt128(high, low);
    }

    // To the one value below 2^130 − 5, without a branch.
    private static void Reduce(ref ulong h0, ref ulong h1, ref ulong h2)
    {
        for (var pass = 0; pass < 2; pass++)
        {
            h1 += h0 >> 44;
            h0 &= Mask44;
            h2 += h1 >> 44;
            h1 &= Mask44;
            h0 += (h2 >> 42) * 5;
            h2 &= Mask42;
        }

        h1 += h0 >> 44;
        h0 &= Mask44;
        // g = h + 5 − 2^130 is not negative exactly if h has to be reduced.
        var g0 = h0 + 5;
        var g1 = h1 + (g0 >> 44);
        var g2 = h2 + (g1 >> 44) - (1UL << 42);
        var keep = 0 - (g2 >> 63);
        h0 = (h0 & keep) | (g0 & Mask44 & ~keep);
        h1 = (h1 & keep) | (g1 & Mask44 & ~keep);
        h2 = (h2 & keep) | (g2 & ~keep);
    }
}
