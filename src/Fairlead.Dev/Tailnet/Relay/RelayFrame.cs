using System.Buffers;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>A frame that waits for its client, in a rented buffer.</summary>
/// <param name="NotBefore">Timestamp before which it must not go; 0 = at once.</param>
internal readonly record struct RelayFrame(byte[] Buffer, int Length, long NotBefore = 0)
{
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(0, Length);

    public void Return() => ArrayPool<byte>.Shared.Return(Buffer);
}
