using Fairlead.Tailnet.Nodes.Tsmp;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Fuzzing.Nodes;

/// <summary>A peer's packets at the place that answers pings about the tunnel: each goes on, is answered by one, or is dropped.</summary>
internal sealed class TsmpTarget : IFuzzTarget
{
    private readonly Counter _packets = new();
    private readonly TsmpGate _gate;

    public TsmpTarget() => _gate = new TsmpGate(_packets, _packets, TimeProvider.System) { PeerApiPort = 40_000, Refused = (_, _) => { } };

    public string Name => "tsmp-packet";

    public IEnumerable<byte[]> Seeds => [Packet("100.64.0.2", "100.64.0.1", ping: true), Packet("fd7a::2", "fd7a::1", ping: true), Packet("100.64.0.2", "100.64.0.1", ping: false), .. Rejects];

    private static IEnumerable<byte[]> Rejects =>
    [
        Convert.FromHexString("4500001b0000000040630000" + "64400002" + "64400001" + "21064113880050"),
        Convert.FromHexString("6000000000086340" + "fd7a0000000000000000000000000002" + "fd7a0000000000000000000000000001" + "2106531388005001"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        _packets.Count = 0;
        _gate.Receive(input);
        _gate.EndOfBatch();
        if (_packets.Count > 1) throw new InvalidOperationException($"One packet became {_packets.Count}.");
    }

    private static byte[] Packet(string source, string destination, bool ping)
    {
        var packet = new byte[TsmpMessage.MaxPacket];
        var (from, to) = (System.Net.IPAddress.Parse(source), System.Net.IPAddress.Parse(destination));
        return packet[..(ping ? TsmpMessage.WritePing(packet, from, to, 42) : TsmpMessage.WritePong(packet, from, to, 42, 80))];
    }

    private sealed class Counter : IPacketReceiver, IPacketLink
    {
        public int Count { get; set; }

        public int Mtu => 1280;

        public void Receive(ReadOnlySpan<byte> packet) => Count++;

        public void EndOfBatch()
        {
        }

        public void Send(ReadOnlySpan<byte> packet) => Count++;

        public void Flush()
        {
        }
    }
}
