using System.Buffers.Binary;

namespace Fairlead.Tailnet.Names;

/// <summary>A DNS message of one question (RFC 1035, 4; EDNS of RFC 6891 as far as the size it allows).</summary>
public sealed record DnsMessage
{
    public const ushort InternetClass = 1;

    /// <summary>Largest answer over UDP for a client that says nothing else, RFC 1035, 2.3.4.</summary>
    public const int PlainUdpSize = 512;

    /// <summary>What fits a tailnet packet: its MTU of 1280 without IPv6 and UDP headers.</summary>
    public const int MaxUdpSize = 1232;

    /// <summary>Records looked at in one message. Small records can name long names by pointers; this bounds what they make us build.</summary>
    private const int MaxRecords = 256;

    private const int HeaderSize = 12;
    private const ushort ResponseFlag = 0x8000;
    private const ushort AuthoritativeFlag = 0x0400;
    private const ushort TruncatedFlag = 0x0200;
    private const ushort RecursionDesiredFlag = 0x0100;
    private const ushort RecursionAvailableFlag = 0x0080;

    public ushort Id { get; init; }

    public bool IsResponse { get; init; }

    /// <summary>0 for a query; other operations are answered with "not implemented".</summary>
    public int Operation { get; init; }

    public bool IsAuthoritative { get; init; }

    public bool IsTruncated { get; init; }

    public bool RecursionDesired { get; init; }

    public DnsResponseCode ResponseCode { get; init; }

    public required DnsQuestion Question { get; init; }

    /// <summary>
    /// The question's name in wire form as its asker spelled it; empty if in lower case. A reply repeats it octet by octet: askers
    /// mix upper and lower case to tell answers from forgeries (draft-vixie-dnsext-dns0x20).
    /// </summary>
    internal ReadOnlyMemory<byte> Spelling { get; init; }

    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>Largest answer that the sender takes over UDP; null without EDNS.</summary>
    public int? UdpSize { get; init; }

    /// <summary>Reads a message; authority and additional records are passed over, but for EDNS.</summary>
    /// <returns>Null if the bytes are no well-formed message with exactly one question.</returns>
    public static DnsMessage? TryRead(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]) != 1)
        {
            return null;
        }

        var position = HeaderSize;
        if (!DnsName.TryRead(bytes, ref position, out var name) || position + 4 > bytes.Length)
        {
            return null;
        }

        // Of the same length as the name it stands for, so without a pointer: names end in a part of one octet or of three and more, never a pointer's two.
        var spelling = bytes[HeaderSize..position];
        var plain = DnsName.ToWire(name);
        var isSpelledOtherwise = spelling.Length == plain.Length && !spelling.SequenceEqual(plain);
        var question = new DnsQuestion(
            name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]));
        position += 4;
        int answerCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        var otherCount = BinaryPrimitives.ReadUInt16BigEndian(bytes[8..]) + BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]);
        if (answerCount + otherCount > MaxRecords)
        {
            return null;
        }

        var answers = new List<DnsRecord>();
        int? udpSize = null;
        for (var i = 0; i < answerCount + otherCount; i++)
        {
            if (!TryReadRecord(bytes, ref position, out var record))
            {
                return null;
            }

            if (i < answerCount)
            {
                answers.Add(record);
            }
            else if (record.Type == DnsType.Opt)
            {
                udpSize = record.Class;
            }
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return new DnsMessage
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(bytes),
            IsResponse = (flags & ResponseFlag) != 0,
            Operation = (flags >> 11) & 0xF,
            IsAuthoritative = (flags & AuthoritativeFlag) != 0,
            IsTruncated = (flags & TruncatedFlag) != 0,
            RecursionDesired = (flags & RecursionDesiredFlag) != 0,
            ResponseCode = (DnsResponseCode)(flags & 0xF),
            Question = question,
            Spelling = isSpelledOtherwise ? spelling.ToArray() : default(ReadOnlyMemory<byte>),
            Answers = answers,
            UdpSize = udpSize,
        };
    }

    /// <summary>An answer to this query.</summary>
    public DnsMessage Reply(DnsResponseCode code, IReadOnlyList<DnsRecord> answers, bool authoritative) => new()
    {
        Id = Id,
        IsResponse = true,
        Operation = Operation,
        IsAuthoritative = authoritative,
        RecursionDesired = RecursionDesired,
        ResponseCode = code,
        Question = Question,
        Spelling = Spelling,
        Answers = answers,
        UdpSize = UdpSize is null ? null : MaxUdpSize,
    };

    /// <summary>The message in wire form. Answers that do not fit <paramref name="limit"/> are left out, and the message says so.</summary>
    public byte[] ToBytes(int limit = ushort.MaxValue)
    {
        var buffer = new List<byte>(128);
        var flags = (IsResponse ? ResponseFlag | RecursionAvailableFlag : 0)
            | (Operation << 11)
            | (IsAuthoritative ? AuthoritativeFlag : 0)
            | (IsTruncated ? TruncatedFlag : 0)
            | (RecursionDesired ? RecursionDesiredFlag : 0)
            | (int)ResponseCode;
        Add16(buffer, Id);
        Add16(buffer, flags);
        Add16(buffer, 1);
        Add16(buffer, 0);
        Add16(buffer, 0);
        Add16(buffer, UdpSize is null ? 0 : 1);
        buffer.AddRange(Spelling.IsEmpty ? DnsName.ToWire(Question.Name) : Spelling.Span);
        Add16(buffer, (int)Question.Type);
        Add16(buffer, Question.Class);
        const int OptSize = 11;
        var room = limit - (UdpSize is null ? 0 : OptSize);
        var written = 0;
        foreach (var answer in Answers)
        {
            var before = buffer.Count;
            AddRecord(buffer, answer);
            if (buffer.Count > room)
            {
                buffer.RemoveRange(before, buffer.Count - before);
                buffer[2] |= TruncatedFlag >> 8;
                break;
            }

            written++;
        }

        buffer[6] = (byte)(written >> 8);
        buffer[7] = (byte)written;
        if (UdpSize is { } size)
        {
            buffer.Add(0);
            Add16(buffer, (int)DnsType.Opt);
            Add16(buffer, size);
            Add16(buffer, 0);
            Add16(buffer, 0);
            Add16(buffer, 0);
        }

        return [.. buffer];
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> bytes, ref int position, out DnsRecord record)
    {
        record = null!;
        if (!DnsName.TryRead(bytes, ref position, out var name) || position + 10 > bytes.Length)
        {
            return false;
        }

        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);
        var recordClass = BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 2)..]);
        var life = BinaryPrimitives.ReadUInt32BigEndian(bytes[(position + 4)..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(position + 8)..]);
        position += 10;
        if (position + length > bytes.Length)
        {
            return false;
        }

        byte[] data;
        if (type is DnsType.Cname or DnsType.Ns or DnsType.Ptr)
        {
            var nameAt = position;
            if (!DnsName.TryRead(bytes[..(position + length)], ref nameAt, out var target) || nameAt != position + length)
            {
                return false;
            }

            data = DnsName.ToWire(target);
        }
        else
        {
            data = bytes.Slice(position, length).ToArray();
        }

        position += length;
        record = new DnsRecord(name, type, recordClass, life, data);
        return true;
    }

    private void AddRecord(List<byte> buffer, DnsRecord record)
    {
        if (record.Name == Question.Name)
        {
            // The question's name lies right behind the header: a pointer to it.
            Add16(buffer, 0xC000 | HeaderSize);
        }
        else
        {
            buffer.AddRange(DnsName.ToWire(record.Name));
        }

        Add16(buffer, (int)record.Type);
        Add16(buffer, record.Class);
        Add16(buffer, (int)(record.TimeToLiveSeconds >> 16));
        Add16(buffer, (int)(record.TimeToLiveSeconds & 0xFFFF));
        Add16(buffer, record.Data.Length);
        buffer.AddRange(record.Data.Span);
    }

    private static void Add16(List<byte> buffer, int value)
    {
        buffer.Add((byte)(value >> 8));
        buffer.Add((byte)value);
    }
}
