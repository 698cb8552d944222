using System.Buffers.Binary;

namespace Fairlead.Tailnet.Protocol.Derp;

/// <summary>Type and payload length of a frame: 1 byte and 4 bytes, big-endian.</summary>
public readonly record struct DerpFrameHeader(DerpFrameType Type, int Length)
{
    /// <summary>Whether <see cref="Type"/> is one that this protocol version defines. Others are skipped.</summary>
    public bool IsKnown => Type is (>= DerpFrameType.ServerKey and <= DerpFrameType.ForwardPacket)
        or (>= DerpFrameType.WatchConnections and <= DerpFrameType.Restarting);

    /// <returns>Whether <paramref name="bytes"/> holds a whole header.</returns>
    /// <exception cref="DerpFormatException">The length is above what the type may have.</exception>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out DerpFrameHeader header)
    {
        header = default;
        if (bytes.Length < DerpProtocol.HeaderSize)
            return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
        var limited = new DerpFrameHeader((DerpFrameType)bytes[0], (int)Math.Min(length, int.MaxValue));
        var limit = limited.IsKnown ? DerpProtocol.MaxPayloadSize : DerpProtocol.MaxSkippedSize;
        if (length > limit)
            throw new DerpFormatException($"A DERP frame of type {bytes[0]:x2} claims {length} bytes; at most {limit} are allowed.");
        header = limited;
        return true;
    }

    /// <param name="destination">At least <see cref="DerpProtocol.HeaderSize"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        destination[0] = (byte)Type;
        BinaryPrimitives.WriteInt32BigEndian(destination[1..], Length);
    }
}
