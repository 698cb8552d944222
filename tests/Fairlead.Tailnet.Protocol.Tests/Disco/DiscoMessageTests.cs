using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;

namespace Fairlead.Tailnet.Protocol.Tests.Disco;

public sealed class DiscoMessageTests
{
    private static readonly DiscoTransactionId Transaction = DiscoTransactionId.Read([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    private static readonly NodePublicKey Node = new(new PublicKey([.. Enumerable.Range(1, 32).Select(i => (byte)i)]));
    private static readonly WireEndPoint IPv4 = WireEndPoint.From([2, 3, 4, 5], 1234);
    private static readonly WireEndPoint IPv6 = WireEndPoint.From([0xfe, 0xd0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34], 6666);

    [Fact]
    public void A_ping_has_its_wire_form()
    {
        var buffer = new byte[DiscoPing.Size];
        new DiscoPing(Transaction, Node).Write(buffer);

        Assert.Equal("0100" + "0102030405060708090a0b0c" + Node.Key, Convert.ToHexStringLower(buffer));
        Assert.True(DiscoMessage.TryRead(buffer, out var type, out var body));
        Assert.Equal(DiscoMessageType.Ping, type);
        Assert.True(DiscoPing.TryRead(body, out var ping));
        Assert.Equal(new DiscoPing(Transaction, Node), ping);
    }

    [Fact]
    public void A_ping_fills_what_it_is_given_with_padding()
    {
        var buffer = new byte[DiscoPing.Size + 3];
        buffer.AsSpan().Fill(0xff);

        new DiscoPing(Transaction, Node).Write(buffer);

        Assert.Equal("0100" + "0102030405060708090a0b0c" + Node.Key + "000000", Convert.ToHexStringLower(buffer));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(1000, true)]
    public void A_ping_may_lack_a_node_key_or_be_padded(int after, bool hasNode)
    {
        var body = new byte[DiscoTransactionId.Size + after];
        Transaction.CopyTo(body);
        if (hasNode)
            Node.Key.CopyTo(body.AsSpan(DiscoTransactionId.Size));

        Assert.True(DiscoPing.TryRead(body, out var ping));
        Assert.Equal(new DiscoPing(Transaction, hasNode ? Node : default), ping);
    }

    [Fact]
    public void A_pong_has_its_wire_form()
    {
        var buffer = new byte[DiscoPong.Size];
        new DiscoPong(Transaction, IPv4).Write(buffer);

        Assert.Equal("0200" + "0102030405060708090a0b0c" + "00000000000000000000ffff02030405" + "04d2", Convert.ToHexStringLower(buffer));
        Assert.True(DiscoMessage.TryRead(buffer, out _, out var body));
        Assert.True(DiscoPong.TryRead(body, out var pong));
        Assert.Equal(new DiscoPong(Transaction, IPv4), pong);
        Assert.False(DiscoPong.TryRead(body[..^1], out _));
    }

    [Fact]
    public void A_call_me_maybe_has_its_wire_form()
    {
        var buffer = new byte[DiscoCallMeMaybe.SizeOf(2)];
        DiscoCallMeMaybe.Write(buffer, [IPv4, IPv6]);

        Assert.Equal(
            "0300" + "00000000000000000000ffff02030405" + "04d2" + "fed00000000000000000000000001234" + "1a0a",
            Convert.ToHexStringLower(buffer));
        Assert.True(DiscoMessage.TryRead(buffer, out var type, out var body));
        Assert.Equal(DiscoMessageType.CallMeMaybe, type);
        var read = DiscoCallMeMaybe.Read(body);
        Assert.Equal(2, read.Count);
        Assert.Equal(IPv4, read[0]);
        Assert.Equal(IPv6, read[1]);
        Assert.Equal(0, DiscoCallMeMaybe.Read(body[..^1]).Count);
    }

    [Fact]
    public void A_message_without_a_header_is_refused() => Assert.False(DiscoMessage.TryRead([1], out _, out _));
}
