using System.Collections.Concurrent;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>Knows who is connected and takes packets from one to the other.</summary>
internal sealed class RelaySwitch(RelayServerOptions options, RelayFaults faults, RelayTally tally)
{
    private readonly ConcurrentDictionary<NodePublicKey, RelayClient> _clients = new();
    private readonly Random _random = options.Random ?? Random.Shared;

    public ICollection<RelayClient> Clients => _clients.Values;

    public int Count => _clients.Count;

    public RelayClient? Find(NodePublicKey node) => _clients.GetValueOrDefault(node);

    /// <summary>The newest connection of a node is the one that counts: an older one is most likely dead and not known to be.</summary>
    public void Add(RelayClient client)
    {
        Interlocked.Increment(ref tally.Connections);
        RelayClient? older = null;
        _clients.AddOrUpdate(client.Node, client, (_, present) =>
        {
            older = present;
            return client;
        });
        older?.Close();
    }

    /// <summary>Tells those the node has written to that it is gone, unless it is back already.</summary>
    public void Remove(RelayClient client)
    {
        if (!_clients.TryRemove(KeyValuePair.Create(client.Node, client)))
            return;
        foreach (var node in client.WrittenTo)
            Find(node)?.EnqueuePeerGone(client.Node, DerpPeerGoneReason.Disconnected);
    }

    public void Relay(RelayClient from, NodePublicKey to, ReadOnlySpan<byte> packet)
    {
        from.NoteWrittenTo(to);
        if (IsFaulted(from.Node, to))
        {
            Interlocked.Increment(ref tally.PacketsFaulted);
            return;
        }

        if (Find(to) is not { } destination)
        {
            Interlocked.Increment(ref tally.PacketsUndeliverable);
            from.EnqueuePeerGone(to, DerpPeerGoneReason.NotHere);
            return;
        }

        var buffer = RelayFrame.Rent(DerpFrameWriter.PacketHeaderSize + packet.Length);
        var length = DerpFrameWriter.RecvPacket(buffer, from.Node, packet);
        Interlocked.Increment(ref tally.PacketsRelayed);
        Interlocked.Add(ref tally.BytesRelayed, packet.Length);
        destination.Enqueue(new RelayFrame(buffer, length, NotBefore()));
    }

    private bool IsFaulted(NodePublicKey from, NodePublicKey to)
    {
        if (faults.Drop?.Invoke(from, to) == true)
            return true;
        if (faults.Loss <= 0)
            return false;
        lock (_random)
            return _random.NextDouble() < faults.Loss;
    }

    private long NotBefore() =>
        faults.Delay > TimeSpan.Zero
            ? options.Time.GetTimestamp() + (long)(faults.Delay.TotalSeconds * options.Time.TimestampFrequency)
            : 0;
}
