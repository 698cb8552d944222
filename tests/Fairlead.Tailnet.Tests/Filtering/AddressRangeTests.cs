using System.Net;
using Fairlead.Tailnet.Filtering;
using Fairlead.Tailnet.Packets;

namespace Fairlead.Tailnet.Tests.Filtering;

public sealed class AddressRangeTests
{
    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", "10.1.2.4")]
    [InlineData("10.1.2.3/24", "10.1.2.255", "10.1.3.0")]
    [InlineData("10.1.2.3-10.1.2.9", "10.1.2.9", "10.1.2.10")]
    [InlineData("0.0.0.0/0", "255.255.255.255", "::1")]
    [InlineData("::/0", "2001:db8::1", "10.1.2.3")]
    [InlineData("::/0", "::1", "0.0.0.0")]
    [InlineData("::/0", "::1:0:0:0", "255.255.255.255")]
    [InlineData("::/64", "::fffe:ffff:ffff", "10.1.2.3")]
    [InlineData("::1-2001:db8::1", "::1", "10.1.2.3")]
    [InlineData("fd7a:115c:a1e0::/48", "fd7a:115c:a1e0:ffff::1", "fd7a:115c:a1e1::")]
    public void A_text_names_the_addresses_it_should(string text, string inside, string outside)
    {
        Assert.True(AddressRange.TryParse(text, out var ranges));
        var set = AddressSet.Of(ranges);

        Assert.True(set.Contains(MappedAddress.From(IPAddress.Parse(inside))));
        Assert.False(set.Contains(MappedAddress.From(IPAddress.Parse(outside))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.9-10.0.0.1")]
    [InlineData("10.0.0.1-::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("host")]
    public void Other_texts_are_refused(string text) => Assert.False(AddressRange.TryParse(text, out _));

    [Fact]
    public void Everything_is_everything() =>
        Assert.True(AddressRange.TryParse("*", out var ranges) && ranges.Single() == AddressRange.Everything && AddressSet.Of([.. ranges, .. ranges]).Contains(UInt128.MaxValue));

    [Fact]
    public void Sets_find_what_is_in_any_of_their_ranges()
    {
        var random = new Random(5);
        var ranges = Enumerable.Range(0, 200).Select(_ => (UInt128)random.Next(10_000)).Select(first => new AddressRange(first, first + (UInt128)random.Next(30))).ToArray();
        var set = AddressSet.Of(ranges);

        for (UInt128 address = 0; address < 10_050; address++)
        {
            Assert.Equal(ranges.Any(range => address >= range.First && address <= range.Last), set.Contains(address));
        }
    }
}
