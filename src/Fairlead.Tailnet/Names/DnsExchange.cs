using System.Buffers.Binary;

namespace Fairlead.Tailnet.Names;

/// <summary>What all ways to a DNS server share.</summary>
internal static class DnsExchange
{
    /// <summary>RFC 5452, 9.1: same identifier and question, and a response.</summary>
    public static bool IsAnswerTo(ReadOnlySpan<byte> query, ReadOnlySpan<byte> answer) =>
        answer.Length >= 12
        && answer[..2].SequenceEqual(query[..2])
        && DnsMessage.TryRead(query) is { } asked
        && DnsMessage.TryRead(answer) is { IsResponse: true } answered
        && answered.Question == asked.Question;

    public static bool IsTruncated(ReadOnlySpan<byte> message) => message.Length > 2 && (message[2] & 0x02) != 0;

    /// <summary>RFC 1035, 4.2.2: a length of two bytes before each message.</summary>
    public static async Task<byte[]> OverStreamAsync(Stream stream, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        var framed = new byte[query.Length + 2];
        BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)query.Length);
        query.CopyTo(framed.AsMemory(2));
        await stream.WriteAsync(framed, cancellationToken).ConfigureAwait(false);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        return IsAnswerTo(query.Span, answer) ? answer : throw new IOException("What the DNS server sends is no answer to the question.");
    }
}
