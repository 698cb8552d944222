using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Protocol.Cryptography;

/// <summary>The stream cipher Salsa20/20 and the key derivation HSalsa20, from which NaCl's XSalsa20 is made.</summary>
internal static class Salsa20
{
    public const int BlockSize = 64;

    // "expand 32-byte k": the diagonal of the starting matrix.
    private const uint Constant0 = 0x61707865;
    private const uint Constant1 = 0x3320646E;
    private const uint Constant2 = 0x79622D32;
    private const uint Constant3 = 0x6B206574;

    /// <summary>HSalsa20: a key for this key and nonce.</summary>
    /// <param name="nonce">16 bytes.</param>
    /// <param name="derived">32 bytes; may be the key.</param>
    public static void DeriveKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> derived)
    {
        var matrix = default(Matrix);
        Span<uint> x = matrix;
        Load(x, key, nonce[..16]);
        Rounds(x);
        // The words that held the constants and the nonce.
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(derived[(4 * i)..], x[5 * i]);
            BinaryPrimitives.WriteUInt32LittleEndian(derived[(16 + (4 * i))..], x[6 + i]);
        }

        x.Clear();
    }

    /// <summary>One block of key stream.</summary>
    /// <param name="nonce">8 bytes.</param>
    /// <param name="stream">64 bytes.</param>
    public static void Block(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, ulong counter, Span<byte> stream)
    {
        Span<byte> input = stackalloc byte[16];
        nonce[..8].CopyTo(input);
        BinaryPrimitives.WriteUInt64LittleEndian(input[8..], counter);
        var start = default(Matrix);
        Load(start, key, input);
        var matrix = start;
        Rounds(matrix);
        for (var i = 0; i < 16; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(stream[(4 * i)..], matrix[i] + start[i]);
        }

        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes((Span<uint>)start));
    }

    private static void Load(Span<uint> x, ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        x[0] = Constant0;
        x[5] = Constant1;
        x[10] = Constant2;
        x[15] = Constant3;
        for (var i = 0; i < 4; i++)
        {
            x[1 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
            x[11 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(16 + (4 * i))..]);
            x[6 + i] = BinaryPrimitives.ReadUInt32LittleEndian(input[(4 * i)..]);
        }
    }

    private static void Rounds(Span<uint> x)
    {
        for (var round = 0; round < 20; round += 2)
        {
            Quarter(ref x[0], ref x[4], ref x[8], ref x[12]);
            Quarter(ref x[5], ref x[9], ref x[13], ref x[1]);
            Quarter(ref x[10], ref x[14], ref x[2], ref x[6]);
            Quarter(ref x[15], ref x[3], ref x[7], ref x[11]);
            Quarter(ref x[0], ref x[1], ref x[2], ref x[3]);
            Quarter(ref x[5], ref x[6], ref x[7], ref x[4]);
            Quarter(ref x[10], ref x[11], ref x[8], ref x[9]);
            Quarter(ref x[15], ref x[12], ref x[13], ref x[14]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        b ^= BitOperations.RotateLeft(a + d, 7);
        c ^= BitOperations.RotateLeft(b + a, 9);
        d ^= BitOperations.RotateLeft(c + b, 13);
        a ^= BitOperations.RotateLeft(d + c, 18);
    }

    [InlineArray(16)]
    private struct Matrix
    {
        private uint _first;
    }
}
