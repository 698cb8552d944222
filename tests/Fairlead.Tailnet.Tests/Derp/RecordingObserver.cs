using System.Threading.Channels;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Derp;

/// <summary>Keeps what comes from relays.</summary>
internal sealed class RecordingObserver : IDerpObserver
{
    private readonly Channel<(PathAddress From, byte[] Packet)> _packets = Channel.CreateUnbounded<(PathAddress, byte[])>();
    private readonly Channel<(int Region, NodePublicKey Node, DerpPeerGoneReason Reason)> _gone = Channel.CreateUnbounded<(int, NodePublicKey, DerpPeerGoneReason)>();

    public int Batches { get; private set; }

    public void Receive(Span<byte> datagram, in PathAddress from) => _packets.Writer.TryWrite((from, datagram.ToArray()));

    public void EndOfBatch() => Batches++;

    public void PeerGone(int region, NodePublicKey node, DerpPeerGoneReason reason) => _gone.Writer.TryWrite((region, node, reason));

    public void ConnectionChanged(int region)
    {
    }

    public Task<(PathAddress From, byte[] Packet)> NextPacketAsync() => NextAsync(_packets, "packet");

    public Task<(int Region, NodePublicKey Node, DerpPeerGoneReason Reason)> NextGoneAsync() => NextAsync(_gone, "peer gone");

    private static async Task<T> NextAsync<T>(Channel<T> channel, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            return await channel.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No {what} came.");
        }
    }
}
