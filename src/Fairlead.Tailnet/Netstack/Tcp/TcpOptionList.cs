using System.Buffers.Binary;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>The options of a segment that matter to us (RFC 9293 section 3.2, RFC 7323, RFC 2018).</summary>
internal readonly ref struct TcpOptionList
{
    public const byte EndKind = 0;
    public const byte NoOperationKind = 1;
    public const byte MssKind = 2;
    public const byte WindowScaleKind = 3;
    public const byte SackPermittedKind = 4;
    public const byte SackKind = 5;
    public const byte TimestampsKind = 8;
    public const int TimestampsLength = 10;

    // RFC 7323 section 2.3: a larger shift is to be taken for 14.
    private const byte LargestWindowScale = 14;

    /// <summary>0 if absent.</summary>
    public ushort Mss { get; private init; }

    /// <summary>-1 if absent.</summary>
    public sbyte WindowScale { get; private init; }

    public bool SackPermitted { get; private init; }

    public bool HasTimestamps { get; private init; }

    public uint TimestampValue { get; private init; }

    public uint TimestampEcho { get; private init; }

    /// <summary>Pairs of big-endian edges, eight bytes each.</summary>
    public ReadOnlySpan<byte> SackBlocks { get; private init; }

    /// <summary>Reads options; what is malformed ends the list.</summary>
    public static TcpOptionList Parse(ReadOnlySpan<byte> bytes)
    {
        // The layout that almost every segment of a connection has: two paddings, then timestamps.
        if (bytes.Length == 12 && BinaryPrimitives.ReadUInt32BigEndian(bytes) == 0x0101080A)
        {
            return new TcpOptionList
            {
                WindowScale = -1,
                HasTimestamps = true,
                TimestampValue = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]),
                TimestampEcho = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            };
        }

        ushort mss = 0;
        sbyte scale = -1;
        var sackPermitted = false;
        var timestamps = ReadOnlySpan<byte>.Empty;
        var sack = ReadOnlySpan<byte>.Empty;
        while (!bytes.IsEmpty && bytes[0] != EndKind)
        {
            if (bytes[0] == NoOperationKind)
            {
                bytes = bytes[1..];
                continue;
            }

            if (bytes.Length < 2 || bytes[1] < 2 || bytes[1] > bytes.Length)
            {
                break;
            }

            var value = bytes[2..bytes[1]];
            switch (bytes[0])
            {
                case MssKind when value.Length == 2:
                    mss = BinaryPrimitives.ReadUInt16BigEndian(value);
                    break;
                case WindowScaleKind when value.Length == 1:
                    scale = (sbyte)Math.Min(value[0], LargestWindowScale);
                    break;
                case SackPermittedKind when value.IsEmpty:
                    sackPermitted = true;
                    break;
                case TimestampsKind when value.Length == TimestampsLength - 2:
                    timestamps = value;
                    break;
                case SackKind when value.Length % 8 == 0:
                    sack = value;
                    break;
            }

            bytes = bytes[bytes[1]..];
        }

        return new TcpOptionList
        {
            Mss = mss,
            WindowScale = scale,
            SackPermitted = sackPermitted,
            HasTimestamps = !timestamps.IsEmpty,
            TimestampValue = timestamps.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(timestamps),
            TimestampEcho = timestamps.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32BigEndian(timestamps[4..]),
            SackBlocks = sack,
        };
    }
}
