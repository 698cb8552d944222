using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Netstack.Udp;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

/// <summary>Fragments that peers make to deceive a filter, which sees each of them alone.</summary>
public sealed class FragmentTests
{
    private const string Us = "fd7a:115c:a1e0::1";
    private const string Peer = "fd7a:115c:a1e0::9";
    private const byte Udp = 17;

    private readonly StackUnderTest _stack = new();
    private readonly UdpSocket _socket;
    private readonly byte[] _buffer = new byte[100];

    public FragmentTests()
    {
        _stack.Stack.AddAddress(IPAddress.Parse(Us));
        _socket = _stack.Stack.BindUdp(new IPEndPoint(IPAddress.Parse(Us), 53));
    }

    [Fact]
    public void A_datagram_in_fragments_arrives_whole_in_any_order()
    {
        var datagram = Datagram(new byte[40]);

        _stack.Receive(Fragment(datagram[24..], 24, more: false, Udp), Fragment(datagram[..24], 0, more: true, Udp));

        Assert.True(_socket.ReceiveAsync(_buffer).IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(6, 17)]
    [InlineData(99, 17)]
    public void A_first_fragment_repeated_as_another_protocol_gives_the_datagram_up(int seen, int repeated)
    {
        var datagram = Datagram(new byte[40]);

        _stack.Receive(
            Fragment(datagram[..24], 0, more: true, (byte)seen),
            Fragment(datagram[..24], 0, more: true, (byte)repeated),
            Fragment(datagram[24..], 24, more: false, Udp));

        Assert.False(_socket.ReceiveAsync(_buffer).IsCompleted);
    }

    [Fact]
    public void A_fragment_repeated_with_other_bytes_gives_the_datagram_up()
    {
        var datagram = Datagram(new byte[40]);
        var other = datagram[..24];
        other[3]++;

        _stack.Receive(Fragment(datagram[..24], 0, more: true, Udp), Fragment(other, 0, more: true, Udp), Fragment(datagram[24..], 24, more: false, Udp));

        Assert.False(_socket.ReceiveAsync(_buffer).IsCompleted);
    }

    [Fact]
    public void A_peer_that_never_ends_its_datagrams_displaces_no_other_peers()
    {
        var datagram = Datagram(new byte[40]);
        _stack.Receive(Fragment(datagram[..24], 0, more: true, Udp));

        for (uint i = 0; i < 1000; i++)
        {
            _stack.Receive(Fragment(new byte[1200], 0, more: true, Udp, "fd7a:115c:a1e0::66", 100 + i));
        }

        _stack.Receive(Fragment(datagram[24..], 24, more: false, Udp));
        Assert.True(_socket.ReceiveAsync(_buffer).IsCompletedSuccessfully);
    }

    private static byte[] Datagram(byte[] data)
    {
        byte[] datagram = [0, 7, 0, 53, 0, (byte)(8 + data.Length), 0, 0, .. data];
        byte[] pseudo = [.. IPAddress.Parse(Peer).GetAddressBytes(), .. IPAddress.Parse(Us).GetAddressBytes(), 0, 0, 0, (byte)datagram.Length, 0, 0, 0, Udp];
        BinaryPrimitives.WriteUInt16BigEndian(datagram.AsSpan(6), ReferenceChecksum.Of([.. pseudo, .. datagram]));
        return datagram;
    }

    private static byte[] Fragment(byte[] piece, int offset, bool more, byte protocol, string from = Peer, uint identification = 7)
    {
        var packet = new byte[48 + piece.Length];
        packet[0] = 6 << 4;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)(8 + piece.Length));
        packet[6] = 44;
        packet[7] = 64;
        IPAddress.Parse(from).TryWriteBytes(packet.AsSpan(8), out _);
        IPAddress.Parse(Us).TryWriteBytes(packet.AsSpan(24), out _);
        packet[40] = protocol;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(42), (ushort)(offset | (more ? 1 : 0)));
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(44), identification);
        piece.CopyTo(packet, 48);
        return packet;
    }
}
