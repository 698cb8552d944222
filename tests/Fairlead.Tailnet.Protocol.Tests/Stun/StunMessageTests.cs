using System.Net;
using Fairlead.Tailnet.Protocol.Stun;

namespace Fairlead.Tailnet.Protocol.Tests.Stun;

public sealed class StunMessageTests
{
    private static readonly StunTransactionId Transaction = StunTransactionId.Read(Convert.FromHexString("b7e7a701bc34d686fa87dfae"));

    // RFC 5769 sections 2.2 and 2.3: responses that tell 192.0.2.1:32853 and [2001:db8:1234:5678:11:2233:4455:6677]:32853.
    private const string SampleIPv4Response =
        "0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96";

    private const string SampleIPv6Response =
        "010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c";

    [Theory]
    [InlineData(SampleIPv4Response, "192.0.2.1")]
    [InlineData(SampleIPv6Response, "2001:db8:1234:5678:11:2233:4455:6677")]
    public void The_sample_responses_of_RFC_5769_are_read(string hex, string address)
    {
        Assert.True(StunMessage.TryReadResponse(Convert.FromHexString(hex), out var transaction, out var mapped));

        Assert.Equal(Transaction, transaction);
        Assert.Equal(EndPoint(address, 32853), mapped);
    }

    [Theory]
    [InlineData("192.0.2.1", "0101000c2112a442b7e7a701bc34d686fa87dfae002000080001a147e112a643")]
    [InlineData("2001:db8:1234:5678:11:2233:4455:6677", "010100182112a442b7e7a701bc34d686fa87dfae002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9")]
    public void A_response_carries_the_masked_address(string address, string expected)
    {
        var buffer = new byte[StunMessage.MaxResponseSize];

        var length = StunMessage.WriteResponse(buffer, Transaction, EndPoint(address, 32853));

        Assert.Equal(expected, Convert.ToHexStringLower(buffer.AsSpan(0, length)));
        Assert.True(StunMessage.TryReadResponse(buffer.AsSpan(0, length), out _, out var mapped));
        Assert.Equal(EndPoint(address, 32853), mapped);
    }

    [Fact]
    public void A_response_of_an_old_server_is_read()
    {
        var response = Convert.FromHexString("0101000c2112a442b7e7a701bc34d686fa87dfae0001000800018055c0000201");

        Assert.True(StunMessage.TryReadResponse(response, out _, out var mapped));
        Assert.Equal(EndPoint("192.0.2.1", 32853), mapped);
    }

    [Fact]
    public void A_request_names_its_software_and_ends_in_a_fingerprint()
    {
        var request = new byte[StunMessage.RequestSize];

        Assert.Equal(40, StunMessage.WriteRequest(request, Transaction));

        Assert.StartsWith("000100142112a442b7e7a701bc34d686fa87dfae802200087461696c6e6f646580280004", Convert.ToHexStringLower(request), StringComparison.Ordinal);
        Assert.True(StunMessage.IsStun(request));
        Assert.True(StunMessage.TryReadRequest(request, out var transaction));
        Assert.Equal(Transaction, transaction);
    }

    [Fact]
    public void A_request_that_was_changed_anywhere_is_refused()
    {
        var request = new byte[StunMessage.RequestSize];
        StunMessage.WriteRequest(request, Transaction);
        for (var i = 0; i < request.Length; i++)
        {
            request[i] ^= 0x10;
            Assert.False(StunMessage.TryReadRequest(request, out _), $"Byte {i} was changed.");
            request[i] ^= 0x10;
        }
    }

    [Fact]
    public void A_response_cut_anywhere_is_refused()
    {
        var response = Convert.FromHexString(SampleIPv4Response);
        for (var length = 0; length < response.Length; length++)
            Assert.False(StunMessage.TryReadResponse(response.AsSpan(0, length), out _, out _));
    }

    private static WireEndPoint EndPoint(string address, ushort port) => WireEndPoint.From(IPAddress.Parse(address).GetAddressBytes(), port);
}
