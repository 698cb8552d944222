using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Services;

namespace Fairlead.Tailnet.Protocol.Tests.Control;

public sealed class ServicesTests
{
    [Fact]
    public void The_hash_is_that_of_the_list_as_JSON_with_a_newline()
    {
        VipService[] services = [new() { Name = "svc:a", Ports = [ProtoPortRange.Tcp(443), new(17, new PortRange(1, 9))], Active = true }, new() { Name = "svc:b" }];

        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData("""[{"Name":"svc:a","Ports":["tcp:443","udp:1-9"],"Active":true},{"Name":"svc:b","Ports":null,"Active":false}]"""u8.ToArray().Append((byte)'\n').ToArray())),
            ServicesHash.Of(services));
        Assert.Equal("", ServicesHash.Of([]));
    }

    [Theory]
    [InlineData("*", 0, 0, 65535)]
    [InlineData("443", 0, 443, 443)]
    [InlineData("tcp:*", 6, 0, 65535)]
    [InlineData("tcp:443", 6, 443, 443)]
    [InlineData("udp:1-1023", 17, 1, 1023)]
    [InlineData("99:7", 99, 7, 7)]
    public void Ports_are_read_from_their_text_and_written_as_it(string text, int protocol, ushort first, ushort last)
    {
        Assert.True(ProtoPortRange.TryParse(text, out var range));
        Assert.Equal(new ProtoPortRange(protocol, new PortRange(first, last)), range);
        Assert.Equal(text, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("tcp:")]
    [InlineData("tcp:2-1")]
    [InlineData("tcp:65536")]
    [InlineData("what:1")]
    [InlineData("256:1")]
    [InlineData("tcp:1-")]
    [InlineData("tcp: 1")]
    public void Other_texts_are_no_ports(string text) => Assert.False(ProtoPortRange.TryParse(text, out _));
}
