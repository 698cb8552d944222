using System.Net;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Tailnet.Tests.WireGuard;

/// <summary>What peers cost that nobody talks to. Alone, since it is the whole heap that is measured.</summary>
[CollectionDefinition(nameof(IdlePeerTests), DisableParallelization = true)]
[Collection(nameof(IdlePeerTests))]
public sealed class IdlePeerTests
{
    [Fact]
    public void A_peer_that_nobody_talks_to_costs_a_few_hundred_bytes()
    {
        const int Peers = 4000;
        using var key = NodePrivateKey.Generate();
        using var device = new WireGuardDevice(new WireGuardOptions { PrivateKey = key }, new Nowhere());
        IReadOnlyList<IPNetwork>[] networks = [.. Enumerable.Range(0, Peers).Select(NetworksOf)];
        var path = new Nowhere();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < Peers; index++)
        {
            device.SetPeer(new WireGuardPeer { Key = KeyOf(index), AllowedNetworks = networks[index], Path = path });
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / Peers;

        TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes for each peer, with two routes");
        Assert.InRange(each, 100, 320);
        GC.KeepAlive(networks);
    }

    [Fact]
    public void A_peer_that_was_removed_sends_nothing_even_if_it_never_talked()
    {
        using var key = NodePrivateKey.Generate();
        using var device = new WireGuardDevice(new WireGuardOptions { PrivateKey = key }, new Nowhere());
        var path = new Nowhere();
        device.SetPeer(new WireGuardPeer { Key = KeyOf(1), AllowedNetworks = NetworksOf(1), Path = path });

        Assert.NotNull(device.GetPeerStatus(KeyOf(1)));
        Assert.True(device.RemovePeer(KeyOf(1)));
        Assert.Null(device.GetPeerStatus(KeyOf(1)));
        Assert.False(device.BeginHandshake(KeyOf(1)));
        Assert.Equal(0, path.Sent);
    }

    private static NodePublicKey KeyOf(int index)
    {
        var bytes = new byte[PublicKey.Size];
        BitConverter.TryWriteBytes(bytes, index + 9);
        return new NodePublicKey(new PublicKey(bytes));
    }

    private static IPNetwork[] NetworksOf(int index) =>
    [
        new(new IPAddress([100, 64, (byte)(index >> 8), (byte)index]), 32),
        new(IPAddress.Parse($"fd7a:115c:a1e0::{index + 1:x}"), 128),
    ];

    private sealed class Nowhere : IPacketReceiver, IPeerPath
    {
        public int Sent { get; private set; }

        public void Receive(ReadOnlySpan<byte> packet)
        {
        }

        public void EndOfBatch()
        {
        }

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize) => Sent++;

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
