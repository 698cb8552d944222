using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Noise;

/// <summary>Nonces of one direction: four zero bytes and a counter in big-endian order, where Noise itself has it little-endian.</summary>
internal struct RecordCounter
{
    private ulong _next;

    /// <param name="nonce">12 bytes.</param>
    /// <exception cref="IOException">All nonces are used up; the last value is never used.</exception>
    public void Next(Span<byte> nonce)
    {
        if (_next == ulong.MaxValue)
        {
            throw new IOException("The channel has carried as many records as it may.");
        }

        BinaryPrimitives.WriteUInt32BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _next++);
    }
}
