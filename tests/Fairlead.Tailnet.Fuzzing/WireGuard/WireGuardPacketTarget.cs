using System.Buffers.Binary;

namespace Fairlead.Tailnet.Fuzzing.WireGuard;

/// <summary>What a peer with a session may put into a message: packets with headers that lie.</summary>
internal sealed class WireGuardPacketTarget : IFuzzTarget
{
    private readonly WireGuardPair _pair = new();

    public string Name => "wireguard-packet";

    public IEnumerable<byte[]> Seeds => [IPv4(100), IPv4(20), IPv6(100), IPv6(40)];

    public void Run(ReadOnlySpan<byte> input)
    {
        // Longer packets than the MTU do not come from any peer that would send them as one message.
        var message = _pair.Seal(input[..Math.Min(input.Length, _pair.A.Mtu)]);
        _pair.B.Receive(message, WireGuardPair.Somewhere);
    }

    private static byte[] IPv4(int size)
    {
        var packet = new byte[size];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)size);
        packet[12] = 10;
        return packet;
    }

    private static byte[] IPv6(int size)
    {
        var packet = new byte[size];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(size - 40));
        packet[8] = 0xFD;
        return packet;
    }
}
