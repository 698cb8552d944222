using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Proxy.Netfilter.Netlink;

namespace Fairlead.Proxy.Netfilter.Nftables;

/// <summary>
/// One instruction of a rule (linux/netfilter/nf_tables.h). Instructions load into the registers, compare them, and act; a comparison that
/// fails ends the rule.
/// </summary>
internal sealed class NftExpression
{
    /// <summary>Registers of 16 bytes, of which two are enough for all rules here.</summary>
    public const uint First = 1;

    public const uint Second = 2;

    // Offsets in headers: RFC 791 section 3.1, RFC 8200 section 3, RFC 9293 section 3.1.
    private const uint NetworkHeader = 1;
    private const uint TransportHeader = 2;
    private const uint DestinationOffset4 = 16;
    private const uint DestinationOffset6 = 24;
    private const uint DestinationPortOffset = 2;
    private const uint TcpFlagsOffset = 13;
    private const byte TcpSyn = 0x02;
    private const byte TcpMaximumSegmentSize = 2;
    private const uint SegmentSizeOffset = 2;

    // IFNAMSIZ: names are compared with their zeros.
    private const int InterfaceNameSize = 16;

    private const uint Equal = 0;
    private const uint Unequal = 1;
    private const uint MetaInputName = 6;
    private const uint MetaOutputName = 7;
    private const uint MetaTransportProtocol = 16;
    private const uint RouteSegmentSize = 3;
    private const uint HostToNetwork = 1;
    private const uint TcpOption = 1;
    private const uint SourceNat = 0;
    private const uint DestinationNat = 1;

    private readonly string _name;
    private readonly Action<NetlinkWriter> _data;

    /// <param name="name">The kernel's name for the instruction.</param>
    /// <param name="data">Writes its attributes.</param>
    public NftExpression(string name, Action<NetlinkWriter> data)
    {
        _name = name;
        _data = data;
    }

    public static IEnumerable<NftExpression> DestinationIs(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return
        [
            Payload(NetworkHeader, address.AddressFamily == AddressFamily.InterNetwork ? DestinationOffset4 : DestinationOffset6, (uint)bytes.Length),
            Compare(Equal, bytes),
        ];
    }

    public static IEnumerable<NftExpression> InputIsNot(string name) => [Meta(MetaInputName), Compare(Unequal, InterfaceName(name))];

    public static IEnumerable<NftExpression> OutputIs(string name) => [Meta(MetaOutputName), Compare(Equal, InterfaceName(name))];

    public static IEnumerable<NftExpression> ProtocolIs(ProtocolType protocol) => [Meta(MetaTransportProtocol), Compare(Equal, [(byte)protocol])];

    public static IEnumerable<NftExpression> DestinationPortIs(ushort port) =>
        [Payload(TransportHeader, DestinationPortOffset, sizeof(ushort)), Compare(Equal, BigEndian(port))];

    /// <summary>Passes the first of each <paramref name="count"/> packets that come here.</summary>
    public static IEnumerable<NftExpression> OneIn(uint count)
    {
        var zero = new byte[sizeof(uint)];
        return
        [
            // Type 0 counts up; the other would be random.
            new("numgen", data =>
            {
                data.Number(1, First);
                data.Number(2, count);
                data.Number(3, 0);
            }),
            Compare(Equal, zero),
        ];
    }

    public static NftExpression Counter() => new("counter", data =>
    {
        data.LongNumber(1, 0);
        data.LongNumber(NftAttribute.CounterPackets, 0);
    });

    public static IEnumerable<NftExpression> TranslateDestination(IPAddress address, ushort? port) =>
    [
        Immediate(First, address.GetAddressBytes()),
        .. port is { } number ? [Immediate(Second, BigEndian(number))] : Array.Empty<NftExpression>(),
        Translate(DestinationNat, address.AddressFamily, port is not null),
    ];

    public static IEnumerable<NftExpression> TranslateSource(IPAddress address) =>
        [Immediate(First, address.GetAddressBytes()), Translate(SourceNat, address.AddressFamily, withPort: false)];

    /// <summary>Passes TCP segments that open a connection and lowers the segment size they announce to what the route carries.</summary>
    public static IEnumerable<NftExpression> ClampSegmentSize() =>
    [
        .. ProtocolIs(ProtocolType.Tcp),
        Payload(TransportHeader, TcpFlagsOffset, 1),
        new("bitwise", data =>
        {
            data.Number(1, First);
            data.Number(2, First);
            data.Number(3, 1);
            data.Nested(4, mask => mask.Attribute(1, [TcpSyn]));
            data.Nested(5, xor => xor.Attribute(1, [0]));
        }),
        Compare(Unequal, [0]),
        Counter(),
        new("rt", data =>
        {
            data.Number(1, First);
            data.Number(2, RouteSegmentSize);
        }),
        new("byteorder", data =>
        {
            data.Number(1, First);
            data.Number(2, First);
            data.Number(3, HostToNetwork);
            data.Number(4, sizeof(ushort));
            data.Number(5, sizeof(ushort));
        }),
        new("exthdr", data =>
        {
            data.Attribute(2, [TcpMaximumSegmentSize]);
            data.Number(3, SegmentSizeOffset);
            data.Number(4, sizeof(ushort));
            data.Number(6, TcpOption);
            data.Number(7, First);
        }),
    ];

    public void WriteTo(NetlinkWriter writer) => writer.Nested(NftAttribute.ListElement, element =>
    {
        element.Text(NftAttribute.ExpressionName, _name);
        element.Nested(NftAttribute.ExpressionData, _data);
    });

    private static NftExpression Payload(uint header, uint offset, uint length) => new("payload", data =>
    {
        data.Number(1, First);
        data.Number(2, header);
        data.Number(3, offset);
        data.Number(4, length);
    });

    private static NftExpression Meta(uint key) => new("meta", data =>
    {
        data.Number(1, First);
        data.Number(2, key);
    });

    private static NftExpression Compare(uint operation, byte[] value) => new("cmp", data =>
    {
        data.Number(1, First);
        data.Number(2, operation);
        data.Nested(3, nested => nested.Attribute(1, value));
    });

    private static NftExpression Immediate(uint register, byte[] value) => new("immediate", data =>
    {
        data.Number(1, register);
        data.Nested(2, nested => nested.Attribute(1, value));
    });

    private static NftExpression Translate(uint type, AddressFamily family, bool withPort) => new("nat", data =>
    {
        data.Number(1, type);
        data.Number(2, (uint)NftFamilies.Of(family));
        data.Number(3, First);
        if (withPort)
        {
            data.Number(5, Second);
        }
    });

    private static byte[] InterfaceName(string name)
    {
        var bytes = new byte[InterfaceNameSize];
        Encoding.UTF8.GetBytes(name, bytes);
        return bytes;
    }

    private static byte[] BigEndian(ushort value)
    {
        var bytes = new byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        return bytes;
    }
}
