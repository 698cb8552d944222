using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>The compression function F of BLAKE2s (RFC 7693, 3.2), with the four columns of the working vector side by side.</summary>
internal static class Blake2sCompression
{
    // RFC 7693, 2.6: the initialization vector.
    public static readonly Vector128<uint> InitialLow = Vector128.Create(0x6A09E667u, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A);
    public static readonly Vector128<uint> InitialHigh = Vector128.Create(0x510E527Fu, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19);

    // RFC 7693, 2.7: the message schedule SIGMA, ten rounds of sixteen.
    private static ReadOnlySpan<byte> Schedule =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
        14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3,
        11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4,
        7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8,
        9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13,
        2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9,
        12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11,
        13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10,
        6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5,
        10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0,
    ];

    /// <param name="block">64 bytes.</param>
    /// <param name="counted">Bytes of the message up to and including this block.</param>
    public static void Compress(ref Vector128<uint> low, ref Vector128<uint> high, ReadOnlySpan<byte> block, ulong counted, bool last)
    {
        if (block.Length < Blake2s.BlockSize || !BitConverter.IsLittleEndian)
        {
            throw new ArgumentException("A whole block and a little-endian machine are needed.", nameof(block));
        }

        ref var message = ref Unsafe.As<byte, uint>(ref MemoryMarshal.GetReference(block));
        ref var schedule = ref MemoryMarshal.GetReference(Schedule);
        var a = low;
        var b = high;
        var c = InitialLow;
        var d = InitialHigh ^ Vector128.Create((uint)counted, (uint)(counted >> 32), last ? uint.MaxValue : 0, 0);
        for (var round = 0; round < 10; round++)
        {
            Mix(ref a, ref b, ref c, ref d, Words(ref message, ref schedule, 0), Words(ref message, ref schedule, 1));
            // Diagonals become columns, and columns again.
            b = Vector128.Shuffle(b, Vector128.Create(1u, 2, 3, 0));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(3u, 0, 1, 2));
            Mix(ref a, ref b, ref c, ref d, Words(ref message, ref schedule, 8), Words(ref message, ref schedule, 9));
            b = Vector128.Shuffle(b, Vector128.Create(3u, 0, 1, 2));
            c = Vector128.Shuffle(c, Vector128.Create(2u, 3, 0, 1));
            d = Vector128.Shuffle(d, Vector128.Create(1u, 2, 3, 0));
            schedule = ref Unsafe.Add(ref schedule, 16);
        }

        low ^= a ^ c;
        high ^= b ^ d;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Words(ref uint message, ref byte schedule, int first) => Vector128.Create(
        Unsafe.Add(ref message, (nint)Unsafe.Add(ref schedule, first)),
        Unsafe.Add(ref message, (nint)Unsafe.Add(ref schedule, first + 2)),
        Unsafe.Add(ref message, (nint)Unsafe.Add(ref schedule, first + 4)),
        Unsafe.Add(ref message, (nint)Unsafe.Add(ref schedule, first + 6)));

    // RFC 7693, 3.1: the mixing function G, four at a time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref Vector128<uint> a, ref Vector128<uint> b, ref Vector128<uint> c, ref Vector128<uint> d, Vector128<uint> x, Vector128<uint> y)
    {
        a = a + b + x;
        d = RotateRight(d ^ a, 16);
        c += d;
        b = RotateRight(b ^ c, 12);
        a = a + b + y;
        d = RotateRight(d ^ a, 8);
        c += d;
        b = RotateRight(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> RotateRight(Vector128<uint> value, int count) => (value >>> count) | (value << (32 - count));
}
