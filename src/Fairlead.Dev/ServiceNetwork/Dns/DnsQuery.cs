using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>One query as it came in.</summary>
/// <param name="Question">Its bytes, to be repeated in the answer.</param>
/// <param name="PayloadSize">The longest datagram that the asker takes.</param>
/// <param name="HasOptions">Whether it speaks EDNS (RFC 6891), and so does the answer.</param>
internal sealed record DnsQuery(ushort Id, bool WantsRecursion, DnsQuestion Asked, byte[] Question, int PayloadSize, bool HasOptions)
{
    private const int HeaderSize = 12;
    private const int LongestName = 255;

    // RFC 1035, section 2.3.4: what datagrams may hold without EDNS.
    private const int PlainPayload = 512;

    /// <summary>Reads a query with one question.</summary>
    /// <returns>Null when the bytes are no such thing.</returns>
    public static DnsQuery? Read(ReadOnlySpan<byte> message)
    {
        // A response, another operation than a query, or not exactly one question.
        if (message.Length < HeaderSize || (message[2] & 0xF8) != 0 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1)
            return null;
        var at = HeaderSize;
        if (ReadName(message, ref at) is not { } name || message.Length < at + 4)
            return null;
        var type = (DnsType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var end = at + 4;
        var (size, options) = ReadOptions(message, end);
        return new DnsQuery(
            BinaryPrimitives.ReadUInt16BigEndian(message), (message[2] & 1) != 0, new DnsQuestion(name.ToLowerInvariant(), type),
            message[HeaderSize..end].ToArray(), Math.Max(size, PlainPayload), options);
    }

    // Questions are not compressed: nothing comes before them.
    private static string? ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        while (at < message.Length)
        {
            int length = message[at++];
            if (length == 0)
                return name.ToString();
            if (length > 63 || at + length > message.Length || name.Length + length > LongestName)
                return null;
            if (name.Length > 0)
                name.Append('.');
            name.Append(Encoding.Latin1.GetString(message.Slice(at, length)));
            at += length;
        }

        return null;
    }

    private static (int Size, bool HasOptions) ReadOptions(ReadOnlySpan<byte> message, int at)
    {
        // Queries have no answers and authorities; the options are the first additional record, at the root name.
        const int Fixed = 11;
        var isSole = BinaryPrimitives.ReadUInt32BigEndian(message[6..]) == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[10..]) > 0;
        return isSole && message.Length >= at + Fixed && message[at] == 0 && BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]) == (ushort)DnsType.Opt
            ? (BinaryPrimitives.ReadUInt16BigEndian(message[(at + 3)..]), true)
            : (0, false);
    }
}
