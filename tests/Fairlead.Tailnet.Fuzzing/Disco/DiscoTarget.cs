using Fairlead.Tailnet.Protocol;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Disco;

namespace Fairlead.Tailnet.Fuzzing.Disco;

/// <summary>Disco packets as they come, and messages as if they had been opened.</summary>
internal sealed class DiscoTarget : IFuzzTarget
{
    private readonly NaclBox _box;
    private readonly DiscoPublicKey _key;

    public DiscoTarget()
    {
        using var key = new PrivateKey([.. Enumerable.Range(1, PrivateKey.Size).Select(i => (byte)i)]);
        _key = new DiscoPublicKey(key.PublicKey);
        _box = new NaclBox(key, key.PublicKey);
    }

    public string Name => "disco";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var ping = new byte[DiscoPing.Size];
            new DiscoPing(DiscoTransactionId.Read(new byte[12]), default).Write(ping);
            yield return ping;
            var pong = new byte[DiscoPong.Size];
            new DiscoPong(DiscoTransactionId.Read(new byte[12]), WireEndPoint.From([1, 2, 3, 4], 5)).Write(pong);
            yield return pong;
            var call = new byte[DiscoCallMeMaybe.SizeOf(3)];
            DiscoCallMeMaybe.Write(call, new WireEndPoint[3]);
            yield return call;
            var packet = new byte[DiscoPacket.Overhead + ping.Length];
            DiscoPacket.Seal(_box, _key, ping, packet);
            yield return packet;
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        Decode(input);
        var packet = input.ToArray();
        if (DiscoPacket.TryReadSender(packet, out _) && DiscoPacket.TryOpen(_box, packet, out var message))
            Decode(message);
    }

    private static void Decode(ReadOnlySpan<byte> message)
    {
        if (!DiscoMessage.TryRead(message, out _, out var body))
            return;
        DiscoPing.TryRead(body, out _);
        DiscoPong.TryRead(body, out _);
        var call = DiscoCallMeMaybe.Read(body);
        for (var i = 0; i < call.Count; i++)
            _ = call[i];
    }
}
