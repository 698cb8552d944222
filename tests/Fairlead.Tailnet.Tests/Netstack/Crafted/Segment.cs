using System.Buffers.Binary;
using System.Net;

namespace Fairlead.Tailnet.Tests.Netstack.Crafted;

/// <summary>A TCP segment over IPv4, written and read by hand: independent of the code under test.</summary>
internal sealed record Segment
{
    public const int Fin = 1;
    public const int Syn = 2;
    public const int Rst = 4;
    public const int Psh = 8;
    public const int Ack = 16;

    public IPEndPoint From { get; init; } = new(IPAddress.Parse("100.64.0.9"), 9999);

    public IPEndPoint To { get; init; } = new(IPAddress.Parse("100.64.0.1"), 80);

    public uint Seq { get; init; }

    public uint AckNumber { get; init; }

    public int Flags { get; init; }

    public int Window { get; init; } = 65_535;

    public byte[] Options { get; init; } = [];

    public byte[] Data { get; init; } = [];

    public bool BreakChecksum { get; init; }

    public ushort? Mss => FindOption(2) is { } value ? BinaryPrimitives.ReadUInt16BigEndian(value) : null;

    public int? WindowScale => FindOption(3)?[0];

    public bool SackPermitted => FindOption(4) is not null;

    public (uint Value, uint Echo)? Timestamps =>
        FindOption(8) is { } value ? (BinaryPrimitives.ReadUInt32BigEndian(value), BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(4))) : null;

    public (uint Start, uint End)[] SackBlocks =>
        FindOption(5) is { } value
            ? [.. Enumerable.Range(0, value.Length / 8).Select(i => (BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan(8 * i)), BinaryPrimitives.ReadUInt32BigEndian(value.AsSpan((8 * i) + 4))))]
            : [];

    public bool Has(int flag) => (Flags & flag) != 0;

    public static byte[] MssOption(ushort mss) => [2, 4, (byte)(mss >> 8), (byte)mss];

    public static byte[] ScaleOption(byte shift) => [1, 3, 3, shift];

    public static byte[] SackPermittedOption() => [1, 1, 4, 2];

    public static byte[] TimestampOption(uint value, uint echo)
    {
        byte[] option = [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4), value);
        BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8), echo);
        return option;
    }

    public static byte[] SackOption(params (uint Start, uint End)[] blocks)
    {
        var option = new byte[4 + (8 * blocks.Length)];
        option[0] = option[1] = 1;
        option[2] = 5;
        option[3] = (byte)(2 + (8 * blocks.Length));
        for (var i = 0; i < blocks.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(4 + (8 * i)), blocks[i].Start);
            BinaryPrimitives.WriteUInt32BigEndian(option.AsSpan(8 + (8 * i)), blocks[i].End);
        }

        return option;
    }

    public byte[] ToPacket()
    {
        var packet = new byte[20 + 20 + Options.Length + Data.Length];
        var tcp = packet.AsSpan(20);
        BinaryPrimitives.WriteUInt16BigEndian(tcp, (ushort)From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[2..], (ushort)To.Port);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[4..], Seq);
        BinaryPrimitives.WriteUInt32BigEndian(tcp[8..], AckNumber);
        tcp[12] = (byte)((20 + Options.Length) / 4 << 4);
        tcp[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(tcp[14..], (ushort)Window);
        Options.CopyTo(tcp[20..]);
        Data.CopyTo(tcp[(20 + Options.Length)..]);
        var sum = ReferenceChecksum.Of([.. From.Address.GetAddressBytes(), .. To.Address.GetAddressBytes(), 0, 6, (byte)(tcp.Length >> 8), (byte)tcp.Length, .. tcp]);
        BinaryPrimitives.WriteUInt16BigEndian(tcp[16..], (ushort)(BreakChecksum ? sum ^ 0x5555 : sum));
        IpV4.WriteHeader(packet, From.Address, To.Address, protocol: 6);
        return packet;
    }

    public static Segment Parse(byte[] packet)
    {
        Assert.Equal(0x45, packet[0]);
        Assert.Equal(6, packet[9]);
        Assert.Equal(packet.Length, BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2)));
        Assert.Equal(0, ReferenceChecksum.Of(packet.AsSpan(0, 20)));
        var tcp = packet[20..];
        Assert.Equal(0, ReferenceChecksum.Of([.. packet[12..20], 0, 6, (byte)(tcp.Length >> 8), (byte)tcp.Length, .. tcp]));
        var header = (tcp[12] >> 4) * 4;
        return new Segment
        {
            From = new IPEndPoint(new IPAddress(packet[12..16]), BinaryPrimitives.ReadUInt16BigEndian(tcp)),
            To = new IPEndPoint(new IPAddress(packet[16..20]), BinaryPrimitives.ReadUInt16BigEndian(tcp.AsSpan(2))),
            Seq = BinaryPrimitives.ReadUInt32BigEndian(tcp.AsSpan(4)),
            AckNumber = BinaryPrimitives.ReadUInt32BigEndian(tcp.AsSpan(8)),
            Flags = tcp[13],
            Window = BinaryPrimitives.ReadUInt16BigEndian(tcp.AsSpan(14)),
            Options = tcp[20..header],
            Data = tcp[header..],
        };
    }

    private byte[]? FindOption(int kind)
    {
        for (var i = 0; i < Options.Length && Options[i] != 0;)
        {
            if (Options[i] == kind)
            {
                return Options[(i + 2)..(i + Options[i + 1])];
            }

            i += Options[i] == 1 ? 1 : Options[i + 1];
        }

        return null;
    }
}
