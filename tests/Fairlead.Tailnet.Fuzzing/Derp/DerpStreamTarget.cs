using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Fuzzing.Derp;

/// <summary>A DERP stream of any content: frames and the payloads of all types.</summary>
internal sealed class DerpStreamTarget : IFuzzTarget
{
    public string Name => "derp-stream";

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var node = new NodePublicKey(new PublicKey([.. Enumerable.Range(1, PublicKey.Size).Select(i => (byte)i)]));
            var buffer = new byte[1024];
            var end = DerpFrameWriter.ServerKey(buffer, node.Key);
            end += DerpFrameWriter.SendPacket(buffer.AsSpan(end), node, [1, 2, 3]);
            end += DerpFrameWriter.RecvPacket(buffer.AsSpan(end), node, new byte[100]);
            end += DerpFrameWriter.KeepAlive(buffer.AsSpan(end));
            end += DerpFrameWriter.NotePreferred(buffer.AsSpan(end), true);
            end += DerpFrameWriter.PeerGone(buffer.AsSpan(end), node, DerpPeerGoneReason.NotHere);
            yield return buffer[..end];
            end = DerpFrameWriter.Ping(buffer, 7);
            end += DerpFrameWriter.Pong(buffer.AsSpan(end), 7);
            end += DerpFrameWriter.Health(buffer.AsSpan(end), "überlastet");
            end += DerpFrameWriter.Restarting(buffer.AsSpan(end), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
            new DerpFrameHeader((DerpFrameType)0x77, 3).Write(buffer.AsSpan(end));
            yield return buffer[..(end + DerpProtocol.HeaderSize + 3)];
        }
    }

    public void Run(ReadOnlySpan<byte> input)
    {
        using var reader = new DerpFrameReader(new MemoryStream(input.ToArray()));
        try
        {
            while (reader.TryRead() || reader.FillAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
                Decode(reader.Payload);
        }
        catch (DerpFormatException)
        {
            // What a malformed stream is documented to bring.
        }
    }

    private static void Decode(Span<byte> payload)
    {
        DerpPayload.TryReadServerKey(payload, out _);
        DerpPayload.TryReadPacket(payload, out _, out _);
        DerpPayload.TryReadPeerGone(payload, out _, out _);
        DerpPayload.TryReadPreferred(payload, out _);
        DerpPayload.TryReadToken(payload, out _);
        DerpPayload.TryReadRestarting(payload, out _, out _);
        DerpPayload.ReadHealth(payload);
    }
}
