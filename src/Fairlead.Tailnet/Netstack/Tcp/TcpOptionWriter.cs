using System.Buffers.Binary;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Writes the options of a SYN, each padded to four bytes.</summary>
internal ref struct TcpOptionWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void WriteMss(ushort mss) => Write(((uint)TcpOptionList.MssKind << 24) | 0x0004_0000 | mss);

    public void WriteSackPermitted() =>
        Write(((uint)TcpOptionList.NoOperationKind << 24) | ((uint)TcpOptionList.NoOperationKind << 16) | ((uint)TcpOptionList.SackPermittedKind << 8) | 2);

    public void WriteTimestamps(uint value, uint echo)
    {
        Write(((uint)TcpOptionList.NoOperationKind << 24) | ((uint)TcpOptionList.NoOperationKind << 16)
            | ((uint)TcpOptionList.TimestampsKind << 8) | TcpOptionList.TimestampsLength);
        Write(value);
        Write(echo);
    }

    public void WriteWindowScale(byte shift) =>
        Write(((uint)TcpOptionList.NoOperationKind << 24) | ((uint)TcpOptionList.WindowScaleKind << 16) | 0x0300 | shift);

    private void Write(uint word)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[Length..], word);
        Length += sizeof(uint);
    }
}
