using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Cookies;

/// <summary>The key derivation of XChaCha20 (draft-irtf-cfrg-xchacha, 2.2): the ChaCha20 block function without the final addition.</summary>
internal static class HChaCha20
{
    private const int DoubleRounds = 10;

    public static void Derive(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce, Span<byte> derived)
    {
        Span<uint> state = stackalloc uint[16];
        Read("expand 32-byte k"u8, state);
        Read(key, state[4..]);
        Read(nonce, state[12..]);
        for (var round = 0; round < DoubleRounds; round++)
        {
            for (var column = 0; column < 4; column++)
            {
                QuarterRound(state, column, 4 + column, 8 + column, 12 + column);
            }

            for (var diagonal = 0; diagonal < 4; diagonal++)
            {
                QuarterRound(state, diagonal, 4 + ((diagonal + 1) & 3), 8 + ((diagonal + 2) & 3), 12 + ((diagonal + 3) & 3));
            }
        }

        for (var word = 0; word < 4; word++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(derived[(4 * word)..], state[word]);
            BinaryPrimitives.WriteUInt32LittleEndian(derived[(16 + (4 * word))..], state[12 + word]);
        }

        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(state));
    }

    private static void Read(ReadOnlySpan<byte> bytes, Span<uint> words)
    {
        for (var word = 0; word < bytes.Length / 4; word++)
        {
            words[word] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * word)..]);
        }
    }

    /// <summary>RFC 8439, 2.1.</summary>
    private static void QuarterRound(Span<uint> state, int a, int b, int c, int d)
    {
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 16);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 12);
        state[a] += state[b];
        state[d] = BitOperations.RotateLeft(state[d] ^ state[a], 8);
        state[c] += state[d];
        state[b] = BitOperations.RotateLeft(state[b] ^ state[c], 7);
    }
}
