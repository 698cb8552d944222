using System.Threading.Channels;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Derp;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Tests.Derp;

/// <summary>What relayed packets allocate, at both nodes and the relay. Alone, since it is the whole process that is measured.</summary>
[CollectionDefinition(nameof(RelayedTrafficMemoryTests), DisableParallelization = true)]
[Collection(nameof(RelayedTrafficMemoryTests))]
public sealed class RelayedTrafficMemoryTests
{
    private const int Region = 900;
    private const int PacketSize = 1200;
    private const int PacketsPerBurst = 32;
    private const int BurstsPerRound = 200;
    private const int Rounds = 6;

    // TLS and the tasks of reads and writes take something per burst; a copy of a packet would take its size.
    private const int MostPerPacket = 500;

    [Fact]
    public async Task Relayed_packets_are_not_copied_to_memory_of_their_own()
    {
        await using var relay = await RelayServer.StartAsync(new RelayServerOptions { RegionId = Region }, TestContext.Current.CancellationToken);
        using var senderKey = NodePrivateKey.Generate();
        using var receiverKey = NodePrivateKey.Generate();
        var arrived = new CountingObserver();
        await using var sender = new DerpClient(senderKey, new CountingObserver(), new DerpClientOptions());
        await using var receiver = new DerpClient(receiverKey, arrived, new DerpClientOptions());
        foreach (var client in (DerpClient[])[sender, receiver])
        {
            client.SetMap(new DerpMap { Regions = new Dictionary<int, DerpRegion?> { [Region] = relay.Region } });
            client.SetHome(Region);
        }

        await Wait.UntilAsync("both are connected", () => relay.Counters.Clients == 2 && sender.IsConnected(Region));
        var burst = new byte[PacketsPerBurst * PacketSize];
        var to = PathAddress.Relayed(Region, receiverKey.PublicKey);
        var perPacket = new List<long>();
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var count = 0; count < BurstsPerRound; count++)
            {
                sender.Send(to, burst, PacketSize);
                await arrived.WaitForBurstAsync();
            }

            perPacket.Add((GC.GetTotalAllocatedBytes(precise: true) - before) / (BurstsPerRound * PacketsPerBurst));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Bytes per packet in each round: {string.Join(", ", perPacket)}");
        Assert.InRange(perPacket.Min(), 0, MostPerPacket);
    }

    private sealed class CountingObserver : IDerpObserver
    {
        private readonly Channel<int> _bursts = Channel.CreateUnbounded<int>();
        private int _packets;

        public void Receive(Span<byte> datagram, in PathAddress from)
        {
            if (++_packets == PacketsPerBurst)
            {
                _packets = 0;
                _bursts.Writer.TryWrite(PacketsPerBurst);
            }
        }

        public async Task WaitForBurstAsync() =>
            await _bursts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        public void EndOfBatch()
        {
        }

        public void PeerGone(int region, NodePublicKey node, DerpPeerGoneReason reason)
        {
        }

        public void ConnectionChanged(int region)
        {
        }
    }
}
