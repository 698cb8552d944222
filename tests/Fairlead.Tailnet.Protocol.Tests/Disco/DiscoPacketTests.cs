using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;

namespace Fairlead.Tailnet.Protocol.Tests.Disco;

public sealed class DiscoPacketTests : IDisposable
{
    private readonly DiscoPrivateKey _alice = DiscoPrivateKey.Generate();
    private readonly DiscoPrivateKey _bob = DiscoPrivateKey.Generate();
    private readonly byte[] _message = new byte[DiscoPing.Size];

    public DiscoPacketTests() => new DiscoPing(DiscoTransactionId.Create(), default).Write(_message);

    [Fact]
    public void What_one_seals_the_other_opens()
    {
        var packet = Seal();

        Assert.StartsWith("5453f09f92ac" + _alice.PublicKey.Key, Convert.ToHexStringLower(packet), StringComparison.Ordinal);
        Assert.True(DiscoPacket.TryReadSender(packet, out var sender));
        Assert.Equal(_alice.PublicKey, sender);
        using var box = new NaclBox(_bob.Key, sender.Key);
        Assert.True(DiscoPacket.TryOpen(box, packet, out var opened));
        Assert.True(opened.SequenceEqual(_message));
    }

    [Fact]
    public void A_packet_changed_anywhere_behind_its_magic_is_not_opened()
    {
        using var box = new NaclBox(_bob.Key, _alice.PublicKey.Key);
        var original = Seal();
        for (var i = 38; i < original.Length; i++)
        {
            var packet = original.ToArray();
            packet[i] ^= 1;
            Assert.False(DiscoPacket.TryOpen(box, packet, out _), $"Byte {i} was changed.");
        }
    }

    [Fact]
    public void A_packet_cut_anywhere_is_not_opened()
    {
        using var box = new NaclBox(_bob.Key, _alice.PublicKey.Key);
        var original = Seal();
        for (var length = 0; length < original.Length; length++)
            Assert.False(DiscoPacket.TryOpen(box, original.AsSpan(0, length), out _));
        Assert.False(DiscoPacket.TryReadSender(original.AsSpan(0, DiscoPacket.Overhead - 1), out _));
    }

    [Fact]
    public void Sealing_and_opening_allocate_nothing()
    {
        using var seal = new NaclBox(_alice.Key, _bob.PublicKey.Key);
        using var open = new NaclBox(_bob.Key, _alice.PublicKey.Key);
        var packet = new byte[DiscoPacket.Overhead + _message.Length];
        Round();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100; i++)
            Round();

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round()
        {
            DiscoPacket.Seal(seal, _alice.PublicKey, _message, packet);
            Assert.True(DiscoPacket.TryOpen(open, packet, out var message) && DiscoMessage.TryRead(message, out _, out var body) && DiscoPing.TryRead(body, out _));
        }
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
    }

    private byte[] Seal()
    {
        using var box = new NaclBox(_alice.Key, _bob.PublicKey.Key);
        var packet = new byte[DiscoPacket.Overhead + _message.Length];
        Assert.Equal(packet.Length, DiscoPacket.Seal(box, _alice.PublicKey, _message, packet));
        return packet;
    }
}
