using System.Net;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Transport;

public sealed class UdpAddressTests
{
    [Theory]
    [InlineData("192.0.2.7:41641", true)]
    [InlineData("[2001:db8::7]:41641", false)]
    [InlineData("[fe80::1%3]:1", false)]
    public void An_end_point_survives_the_way_there_and_back(string text, bool isIPv4)
    {
        var endPoint = IPEndPoint.Parse(text);

        var address = UdpAddress.From(endPoint);

        Assert.Equal(endPoint, address.ToEndPoint());
        Assert.Equal(isIPv4, address.IsIPv4);
    }
}
