using System.Net;
using Fairlead.Tailnet.Protocol.Control;

namespace Fairlead.Tailnet.Protocol.Tests.Control;

public sealed class IPPrefixTests
{
    [Theory]
    [InlineData("10.1.2.3/8", "10.255.0.1", true)]
    [InlineData("10.1.2.3/8", "11.0.0.1", false)]
    [InlineData("0.0.0.0/0", "203.0.113.1", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "203.0.113.1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("100.64.0.1/32", "100.64.0.1", true)]
    [InlineData("100.64.0.1/32", "100.64.0.2", false)]
    public void A_prefix_contains_what_its_bits_say(string prefix, string address, bool contained) =>
        Assert.Equal(contained, IPPrefix.Parse(prefix).Contains(IPAddress.Parse(address)));

    [Fact]
    public void Bits_behind_the_prefix_are_kept_until_masked()
    {
        Assert.Equal("10.1.2.3/8", IPPrefix.Parse("10.1.2.3/8").ToString());
        Assert.Equal("10.0.0.0/8", IPPrefix.Parse("10.1.2.3/8").Masked().ToString());
        Assert.Equal("2001:db8::/32", IPPrefix.Parse("2001:db8::1/32").Masked().ToString());
        Assert.Equal(IPPrefix.Parse("10.0.0.0/8"), IPPrefix.Parse("10.1.2.3/8").Masked());
    }

    [Fact]
    public void No_prefix_contains_nothing()
    {
        Assert.True(IPPrefix.Parse("").IsNone);
        Assert.False(default(IPPrefix).Contains(IPAddress.Any));
        Assert.Throws<InvalidOperationException>(() => default(IPPrefix).Address);
    }
}
