using System.Net;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Bench.Tailnet;

/// <summary>What devices and peers with nothing to do take of the managed heap.</summary>
internal sealed class PeerFootprint : IMeasurement
{
    private const int Devices = 200;
    private const int Peers = 5000;

    public string Name => "footprint";

    public Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        using var key = NodePrivateKey.Generate();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var devices = new WireGuardDevice[Devices];
        for (var index = 0; index < Devices; index++)
        {
            devices[index] = new WireGuardDevice(new WireGuardOptions { PrivateKey = key }, Nowhere.Instance);
        }

        var perDevice = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Devices;
        before = GC.GetTotalMemory(forceFullCollection: true);
        var bytes = new byte[PublicKey.Size];
        for (var index = 0; index < Peers; index++)
        {
            BitConverter.TryWriteBytes(bytes, index + 1);
            devices[0].SetPeer(new WireGuardPeer
            {
                Key = new NodePublicKey(new PublicKey(bytes)),
                AllowedNetworks = [new IPNetwork(new IPAddress([100, 64, (byte)(index >> 8), (byte)index]), 32), new IPNetwork(IPAddress.Parse($"fd7a:115c:a1e0::{index + 1:x}"), 128)],
                Path = Nowhere.Instance,
            });
        }

        var perPeer = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Peers;
        Array.ForEach(devices, device => device.Dispose());
        return Task.FromResult<IReadOnlyList<MeasuredFigure>>(
        [
            new MeasuredFigure("WireGuard device without peers", "bytes", perDevice),
            new MeasuredFigure("WireGuard peer without session", "bytes", perPeer, "with its configuration and two routes"),
        ]);
    }

    private sealed class Nowhere : IPacketReceiver, IPeerPath
    {
        public static Nowhere Instance { get; } = new();

        public void Receive(ReadOnlySpan<byte> packet)
        {
        }

        public void EndOfBatch()
        {
        }

        public void Send(ReadOnlySpan<byte> datagrams, int datagramSize)
        {
        }

        public void Authenticated(in PathAddress from)
        {
        }
    }
}
