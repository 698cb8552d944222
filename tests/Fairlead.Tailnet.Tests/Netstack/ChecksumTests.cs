using System.Buffers.Binary;
using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Tests.Netstack.Crafted;

namespace Fairlead.Tailnet.Tests.Netstack;

public sealed class ChecksumTests
{
    [Fact]
    public void Sums_of_every_length_are_those_of_the_plain_algorithm()
    {
        var random = new Random(1);
        for (var length = 0; length < 700; length++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var copy = new byte[length];
            Assert.Equal(ReferenceChecksum.Of(bytes), Turned(Checksum.Finish(Checksum.Add(0, bytes))));
            Assert.Equal(ReferenceChecksum.Of(bytes), Turned(Checksum.Finish(Checksum.Copy(0, bytes, copy))));
            Assert.Equal(bytes, copy);
        }
    }

    [Fact]
    public void The_largest_packet_of_ones_does_not_overflow()
    {
        var bytes = new byte[65_535];
        Array.Fill(bytes, (byte)0xFF);
        Assert.Equal(ReferenceChecksum.Of(bytes), Turned(Checksum.Finish(Checksum.Add(0, bytes))));
    }

    [Fact]
    public void A_part_that_begins_at_an_odd_place_is_added_swapped()
    {
        var bytes = new byte[999];
        new Random(2).NextBytes(bytes);
        for (var cut = 1; cut < bytes.Length; cut += 2)
        {
            var sum = Checksum.Add(0, bytes.AsSpan(0, cut)) + Checksum.Swap(Checksum.Add(0, bytes.AsSpan(cut)));
            Assert.Equal(ReferenceChecksum.Of(bytes), Turned(Checksum.Finish(sum)));
        }
    }

    private static ushort Turned(ushort checksum) => BinaryPrimitives.ReverseEndianness(checksum);
}
