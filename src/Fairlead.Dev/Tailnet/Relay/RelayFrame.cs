using System.Buffers;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>A frame that waits for its client, in a rented buffer.</summary>
/// <param name="NotBefore">Timestamp before which it must not go; 0 = at once.</param>
internal readonly record struct RelayFrame(byte[] Buffer, int Length, long NotBefore = 0)
{
    // Nearly all packets fit. Queues are longer than what the shared pool keeps per size, and are filled and emptied by different
    // threads, for which it is not made.
    private const int OrdinarySize = 2048;
    private const int OrdinaryCount = 4096;

    private static readonly ArrayPool<byte> Ordinary = ArrayPool<byte>.Create(OrdinarySize, OrdinaryCount);

    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    public static byte[] Rent(int size) => PoolFor(size).Rent(size);

    public void Return() => PoolFor(Buffer.Length).Return(Buffer);

    private static ArrayPool<byte> PoolFor(int size) => size <= OrdinarySize ? Ordinary : ArrayPool<byte>.Shared;
}
