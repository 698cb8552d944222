using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Fairlead.Tailnet.Netstack;

/// <summary>Randomness of the stack: the system's cryptographic source, or a seeded one where a run must repeat.</summary>
internal sealed class StackRandom(Random? seeded)
{
    private readonly Lock _gate = new();

    public void Fill(Span<byte> destination)
    {
        if (seeded is null)
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        lock (_gate)
        {
            seeded.NextBytes(destination);
        }
    }

    public ulong NextUInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    public int NextInt() => (int)NextUInt64();
}
