using System.Buffers.Binary;
using System.Net;
using Fairlead.Tailnet.Tests.Netstack.Crafted;
using Fairlead.Tailnet.Tests.Netstack.Simulation;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class IcmpTests
{
    [Theory]
    [InlineData(SimulatedPair.ServerAddress, 32)]
    [InlineData(SimulatedPair.ServerAddressV6, 32)]
    [InlineData(SimulatedPair.ServerAddress, 20_000)]
    [InlineData(SimulatedPair.ServerAddressV6, 20_000)]
    public void Ping_measures_the_way_there_and_back(string address, int size)
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        world.Run(async () =>
        {
            var time = await pair.Client.PingAsync(IPAddress.Parse(address), TimeSpan.FromSeconds(1), size);
            Assert.InRange(time.TotalMilliseconds, 10, 10.5);
        });
    }

    [Fact]
    public void A_ping_without_an_answer_times_out()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair(new LinkConditions { Loss = 1 });
        world.Run(() => Assert.ThrowsAsync<TimeoutException>(() => pair.Client.PingAsync(IPAddress.Parse(SimulatedPair.ServerAddress), TimeSpan.FromSeconds(3))));
        Assert.Equal(3_000_000, world.Time.Now);
    }

    [Fact]
    public void Errors_are_reported_within_a_limit_and_never_about_errors()
    {
        var stack = new StackUnderTest();
        for (var i = 0; i < 1000; i++)
        {
            stack.Receive(IpV4.Udp("100.64.0.9", 1000 + i, StackUnderTest.Address, 7, [1]));
        }

        Assert.InRange(stack.SentCount, 10, 30);
        var first = stack.NextPacket();
        Assert.Equal((1, 3, 3), (first[9], first[20], first[21]));
        Assert.Equal(0, ReferenceChecksum.Of(first.AsSpan(20)));
        stack.Forget();
        stack.Pass(TimeSpan.FromSeconds(5));
        stack.Receive(IpV4.Packet("100.64.0.9", StackUnderTest.Address, 1, IpV4.Icmp(3, 3, 0, first)));
        stack.Receive(IpV4.Udp("0.0.0.0", 1, StackUnderTest.Address, 7, [1]));
        stack.Receive(IpV4.Udp("255.255.255.255", 1, StackUnderTest.Address, 7, [1]));
        Assert.Equal(0, stack.SentCount);
        stack.Receive(IpV4.Packet("100.64.0.9", StackUnderTest.Address, 99, [1, 2, 3]));
        var protocol = stack.NextPacket();
        Assert.Equal((3, 2), (protocol[20], protocol[21]));
    }

    [Fact]
    public void Fragments_that_overlap_or_never_end_are_given_up()
    {
        var stack = new StackUnderTest();
        var datagram = IpV4.Udp("100.64.0.9", 1, StackUnderTest.Address, 7, new byte[100])[20..];
        stack.Receive(
            Piece(datagram[..64], 1, 0, more: true),
            Piece(datagram[56..], 1, 56, more: false));
        Assert.Equal((0, 0), (stack.SentCount, stack.Stack.Reassembler.Bytes));

        stack.Receive(Piece(datagram[..64], 2, 0, more: true));
        Assert.True(stack.Stack.Reassembler.Bytes > 0);
        stack.Pass(TimeSpan.FromSeconds(31));
        Assert.Equal((0, 0), (stack.Stack.Reassembler.Bytes, stack.World.Time.ArmedTimers));

        for (ushort i = 0; i < 10_000; i++)
        {
            stack.Receive(Piece(new byte[1024], i, 40_000, more: true));
        }

        Assert.InRange(stack.Stack.Reassembler.Bytes, 1, 1024 * 1024);
    }

    [Fact]
    public void Packets_with_broken_headers_and_to_others_are_dropped()
    {
        var stack = new StackUnderTest();
        var ping = IpV4.Packet("100.64.0.9", StackUnderTest.Address, 1, IpV4.Icmp(8, 0, 1, [1, 2, 3, 4]));
        stack.Receive(ping);
        Assert.Equal(0, stack.NextPacket()[20]);
        for (var i = 0; i < 20; i++)
        {
            var broken = (byte[])ping.Clone();
            broken[i] ^= 0x10;
            stack.Receive(broken);
        }

        stack.Receive(IpV4.Packet("100.64.0.9", "100.64.0.99", 1, IpV4.Icmp(8, 0, 1, [1, 2, 3, 4])));
        stack.Receive(ping[..^1]);
        Assert.Equal(0, stack.SentCount);
    }

    [Fact]
    public void Extension_headers_are_skipped_unless_they_must_be_understood()
    {
        var world = new SimulatedWorld();
        var pair = world.Pair();
        byte[] inserted = [];
        pair.ToServer.Intercept = packet =>
        {
            if (inserted.Length == 0 || packet[6] == 0)
            {
                return false;
            }

            byte[] extended = [.. packet[..40], .. inserted, .. packet[40..]];
            extended[40] = packet[6];
            extended[6] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(extended.AsSpan(4), (ushort)(extended.Length - 40));
            pair.ToServer.Inject(extended);
            return true;
        };
        var server = IPAddress.Parse(SimulatedPair.ServerAddressV6);
        world.Run(async () =>
        {
            inserted = [0, 0, 1, 4, 0, 0, 0, 0]; // padding
            await pair.Client.PingAsync(server, TimeSpan.FromSeconds(1));
            inserted = [0, 0, 0x05, 2, 0, 0, 1, 0]; // an option that may be skipped
            await pair.Client.PingAsync(server, TimeSpan.FromSeconds(1));
            inserted = [0, 0, 0xC2, 4, 0, 0, 0, 0]; // one that may not
            await Assert.ThrowsAsync<TimeoutException>(() => pair.Client.PingAsync(server, TimeSpan.FromSeconds(1)));
            inserted = [0, 9, 1, 4, 0, 0, 0, 0]; // longer than the packet
            await Assert.ThrowsAsync<TimeoutException>(() => pair.Client.PingAsync(server, TimeSpan.FromSeconds(1)));
        });
    }

    private static byte[] Piece(byte[] bytes, ushort identification, int offset, bool more) =>
        IpV4.Packet("100.64.0.9", StackUnderTest.Address, 17, bytes, identification, (ushort)((more ? 0x2000 : 0) | (offset / 8)));
}
