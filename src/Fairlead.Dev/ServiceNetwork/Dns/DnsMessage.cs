using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Fairlead.Dev.ServiceNetwork.Dns;

/// <summary>Writes answers (RFC 1035, section 4).</summary>
internal static class DnsMessage
{
    public const int Port = 53;

    // Names change as fast as Pods do.
    private const uint TimeToLive = 5;
    private const string Zone = "cluster.local";
    private const ushort Internet = 1;
    private const ushort OurPayload = 1232;
    private const int HeaderSize = 12;

    /// <param name="limit">The longest message that fits; a longer one is cut and says so.</param>
    public static byte[] Write(DnsQuery query, DnsAnswer answer, int limit, bool recursionAvailable)
    {
        var whole = Write(query, answer, recursionAvailable, truncated: false);
        return whole.Length <= limit
            ? whole
            : Write(query, new DnsAnswer(answer.Code, [], []), recursionAvailable, truncated: true);
    }

    /// <summary>An answer to a message that is no query.</summary>
    public static byte[] WriteFormatError(ReadOnlySpan<byte> message)
    {
        var bytes = new byte[HeaderSize];
        message[..2].CopyTo(bytes);
        bytes[2] = 0x80;
        bytes[3] = (byte)DnsCode.FormatError;
        return bytes;
    }

    private static byte[] Write(DnsQuery query, DnsAnswer answer, bool recursionAvailable, bool truncated)
    {
        var writer = new ArrayBufferWriter<byte>(512);
        var showsZone = answer.Records.IsEmpty && !truncated && answer.Code is DnsCode.Success or DnsCode.NameError;
        Number(writer, query.Id);

        // Response, authoritative, truncated?, recursion desired?; recursion available?, code.
        Number(writer, (ushort)(0x8400 | (truncated ? 0x200 : 0) | (query.WantsRecursion ? 0x100 : 0) | (recursionAvailable ? 0x80 : 0) | (int)answer.Code));
        Number(writer, 1);
        Number(writer, (ushort)answer.Records.Length);
        Number(writer, showsZone ? (ushort)1 : (ushort)0);
        Number(writer, (ushort)(answer.Additional.Length + (query.HasOptions ? 1 : 0)));
        writer.Write(query.Question);
        foreach (var record in answer.Records)
            Record(writer, record);
        if (showsZone)
            Authority(writer);
        foreach (var record in answer.Additional)
            Record(writer, record);
        if (query.HasOptions)
            Options(writer);
        return writer.WrittenSpan.ToArray();
    }

    private static void Record(ArrayBufferWriter<byte> writer, DnsRecord record)
    {
        var data = new ArrayBufferWriter<byte>(64);
        switch (record)
        {
            case DnsRecord.Address address:
                data.Write(address.Value.GetAddressBytes());
                break;
            case DnsRecord.Alias alias:
                Name(data, alias.Target);
                break;
            case DnsRecord.Pointer pointer:
                Name(data, pointer.Target);
                break;
            case DnsRecord.Server server:
                // Priority and weight: all are alike.
                Number(data, 0);
                Number(data, 100);
                Number(data, (ushort)server.Port);
                Name(data, server.Target);
                break;
        }

        Head(writer, record.Owner, record.Type);
        Number(writer, (ushort)data.WrittenCount);
        writer.Write(data.WrittenSpan);
    }

    /// <summary>Who is responsible for the zone, so that resolvers know how long "no" holds (RFC 2308).</summary>
    private static void Authority(ArrayBufferWriter<byte> writer)
    {
        var data = new ArrayBufferWriter<byte>(64);
        Name(data, "ns.dns." + Zone);
        Name(data, "hostmaster." + Zone);
        foreach (var number in (ReadOnlySpan<uint>)[1, 7200, 1800, 86400, TimeToLive])
            BinaryPrimitives.WriteUInt32BigEndian(Take(data, 4), number);
        Head(writer, Zone, DnsType.Soa);
        Number(writer, (ushort)data.WrittenCount);
        writer.Write(data.WrittenSpan);
    }

    private static void Head(ArrayBufferWriter<byte> writer, string owner, DnsType type)
    {
        Name(writer, owner);
        Number(writer, (ushort)type);
        Number(writer, Internet);
        BinaryPrimitives.WriteUInt32BigEndian(Take(writer, 4), TimeToLive);
    }

    private static void Options(ArrayBufferWriter<byte> writer)
    {
        Name(writer, "");
        Number(writer, (ushort)DnsType.Opt);
        Number(writer, OurPayload);
        Take(writer, 6).Clear();
    }

    private static void Name(ArrayBufferWriter<byte> writer, string name)
    {
        foreach (var label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            var bytes = Encoding.Latin1.GetBytes(label);
            Take(writer, 1)[0] = (byte)bytes.Length;
            writer.Write(bytes);
        }

        Take(writer, 1)[0] = 0;
    }

    private static void Number(ArrayBufferWriter<byte> writer, ushort number) => BinaryPrimitives.WriteUInt16BigEndian(Take(writer, 2), number);

    private static Span<byte> Take(ArrayBufferWriter<byte> writer, int count)
    {
        var span = writer.GetSpan(count)[..count];
        writer.Advance(count);
        return span;
    }
}
