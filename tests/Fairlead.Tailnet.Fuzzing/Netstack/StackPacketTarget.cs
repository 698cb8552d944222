using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Tcp;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Fuzzing.Netstack;

/// <summary>
/// IP packets of any kind into one stack with listeners, sockets, fallbacks and an open connection, all of which live on from input to
/// input. Checksums of what is not too damaged are set right first, and acknowledgements of the open connection count from its beginning: else
/// most inputs would be kept from the parts behind those checks.
/// </summary>
internal sealed class StackPacketTarget : IFuzzTarget
{
    private const int StacksInputs = 5_000; // then a new stack, so that states near the beginning come up again
    private const long MostBuffered = 4 << 20;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(3);

    private readonly byte[] _read = new byte[4096];
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private InputTime _time = null!;
    private TcpConnection _connection = null!;
    private uint _initial;
    private NetworkStack _stack = null!;
    private SilentLink _link = null!;
    private int _inputs;

    public string Name => "netstack";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            const string V4 = "6440000264400001";
            const string V6 = "fd7a0000000000000000000000000002" + "fd7a0000000000000000000000000001";
            return ((string[])
            [
                // SYN with all options to a listener; acknowledgement, data and FIN of the open connection; RST; ACK with SACK.
                "4500003c0001400040060000" + V4 + "138800500000000a00000000a002ffff00000000" + "020405b40402080a000000010000000001030307",
                "450000280001400040060000" + V4 + "1388005100000065000000005010ffff00000000",
                "4500002c0001400040060000" + V4 + "1388005100000065000000005019ffff00000000" + "61626364",
                "450000280001400040060000" + V4 + "1388005100000065000000005004ffff00000000",
                "450000340001400040060000" + V4 + "1388005100000065000000008010ffff00000000" + "0101050a000004d8000009b0",
                "450000280001400040060000" + V4 + "13880051000000650000136050100fff00000000",
                // UDP, echo request, port unreachable about UDP, packet too big about TCP.
                "450000200001000040110000" + V4 + "13880035000c0000" + "61626364",
                "450000200001000040010000" + V4 + "0800000000010001" + "61626364",
                "450000380001000040010000" + V4 + "0303000000000000" + "4500001c000100004011000064400001644000020035138800080000",
                "450000380001000040010000" + V4 + "0304000000000240" + "45000028000100004006000064400001644000020051138800000000",
                // Fragments, IPv6 with extension headers and fragments.
                "450000240001200040110000" + V4 + "1388003500180000" + "6162636461626364",
                "450000240001000240110000" + V4 + "61626364616263646162636461626364",
                "60000000001c0040" + V6 + "0600010400000000" + "138800500000000a000000005002ffff00000000",
                "60000000001c0640" + V6 + "138800500000000a00000000a002ffff00000000" + "020405a000000000",
                "6000000000102c40" + V6 + "1100000100000001" + "1388003500100000",
                "60000000000c3a40" + V6 + "8000000000010001" + "61626364",
            ]).Select(Convert.FromHexString);
        }
    }

    // Once in a while a new stack is part of a call.
    public long AllocationLimit(int inputLength) => (2 << 20) + (256L * inputLength);

    public void Run(ReadOnlySpan<byte> input)
    {
        if (_inputs++ % StacksInputs == 0 || _connection.Closed.IsCompleted)
        {
            Begin();
        }

        var packet = input.ToArray();
        CountFromInitial(packet);
        Repair(packet);
        Receive(packet);
        _time.Advance(Step);
        Work();
        if (_stack.Tcp.Budget.Used > MostBuffered || _stack.Tcp.FlowCount > 8192)
        {
            throw new InvalidOperationException($"The stack holds {_stack.Tcp.Budget.Used} bytes and {_stack.Tcp.FlowCount} flows.");
        }
    }

    private void Begin()
    {
        _stack?.Dispose();
        _work.Clear();
        _link = new SilentLink();
        _time = new InputTime();
        _stack = new NetworkStack(_link, new NetworkStackOptions
        {
            TimeProvider = _time,
            Random = new Random(1),
            MaxBufferedBytes = MostBuffered / 2,
            Scheduler = _work.Enqueue,
        });
        _stack.AddAddress(IPAddress.Parse("100.64.0.1"));
        _stack.AddAddress(IPAddress.Parse("fd7a::1"));
        _stack.AcceptsAnyDestination = true;
        _stack.ListenTcp(new IPEndPoint(IPAddress.IPv6Any, 80));
        _stack.BindUdp(new IPEndPoint(IPAddress.IPv6Any, 53));
        _stack.TcpFallback = (_, local) => local.Port % 2 == 0 ? TcpFlowVerdict.Accept(connection => connection.Dispose()) : TcpFlowVerdict.Reject;
        _stack.UdpFallback = (_, local) => local.Port % 2 == 0 ? UdpFlowVerdict.Accept(socket => socket.Dispose()) : UdpFlowVerdict.Drop;
        OpenConnection();
    }

    /// <summary>From port 5000 to a listener on port 81, with data in both directions under way.</summary>
    private void OpenConnection()
    {
        var listener = _stack.ListenTcp(new IPEndPoint(IPAddress.Any, 81));
        var syn = Convert.FromHexString("4500003000014000400600006440000264400001" + "1388005100000064000000007002ffff00000000" + "020404d801010402");
        Repair(syn);
        Receive(syn);
        var acknowledgement = Convert.FromHexString("4500002800014000400600006440000264400001" + "1388005100000065000000005010ffff00000000");
        _initial = BinaryPrimitives.ReadUInt32BigEndian(_link.Last.AsSpan(24)) + 1;
        CountFromInitial(acknowledgement);
        Repair(acknowledgement);
        Receive(acknowledgement);
        _connection = listener.AcceptAsync().AsTask().GetAwaiter().GetResult();
        _ = _connection.WriteAsync(new byte[20_000]).AsTask();
        _ = _connection.ReadAsync(_read).AsTask();
    }

    private void Receive(byte[] packet)
    {
        _stack.Receive(packet);
        _stack.EndOfBatch();
        Work();
    }

    private void Work()
    {
        while (_work.TryDequeue(out var item))
        {
            item.Execute();
        }
    }

    /// <summary>Acknowledgements, cumulative and the first selective one, of the open connection: 0 is its first byte.</summary>
    private void CountFromInitial(byte[] packet)
    {
        const uint Ports = 0x13880051;
        if (packet.Length < 40 || packet[0] != 0x45 || BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(20)) != Ports)
        {
            return;
        }

        Add(packet.AsSpan(28));
        if (packet.Length >= 52 && packet[42] == 5)
        {
            Add(packet.AsSpan(44));
            Add(packet.AsSpan(48));
        }

        void Add(Span<byte> number) => BinaryPrimitives.WriteUInt32BigEndian(number, BinaryPrimitives.ReadUInt32BigEndian(number) + _initial);
    }

    private static void Repair(byte[] packet)
    {
        if (packet.Length < 20 || IpHeaderLength(packet) is not { } header || packet.Length < header)
        {
            return;
        }

        byte protocol;
        ulong sum;
        if (packet[0] >> 4 == 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            packet[10] = packet[11] = 0;
            Checksum.Store(packet.AsSpan(10), Checksum.Finish(Checksum.Add(0, packet.AsSpan(0, header))));
            protocol = packet[9];
            sum = Checksum.PseudoHeader(IpAddress.ReadV4(packet.AsSpan(12)), IpAddress.ReadV4(packet.AsSpan(16)), protocol);
        }
        else
        {
            BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(packet.Length - header));
            protocol = packet[6];
            sum = Checksum.PseudoHeader(IpAddress.ReadV6(packet.AsSpan(8)), IpAddress.ReadV6(packet.AsSpan(24)), protocol);
        }

        var payload = packet.AsSpan(header);
        int? place = protocol switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, IpProtocol.IcmpV4 or IpProtocol.IcmpV6 => 2, _ => null };
        if (place is { } at && payload.Length >= at + 2)
        {
            payload.Slice(at, 2).Clear();
            sum = protocol == IpProtocol.IcmpV4 ? 0 : sum + Checksum.Length(payload.Length);
            Checksum.Store(payload[at..], Checksum.Finish(Checksum.Add(sum, payload)));
        }
    }

    private static int? IpHeaderLength(byte[] packet) => (packet[0] >> 4) switch
    {
        4 when (packet[0] & 0xF) >= 5 => (packet[0] & 0xF) * 4,
        6 => 40,
        _ => null,
    };
}
