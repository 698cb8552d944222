using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Bench.Tailnet;

/// <summary>What one WireGuard device carries to another over UDP on the loopback device: everything but the network stack.</summary>
internal sealed class DeviceThroughput : IMeasurement
{
    private const int PacketsPerBurst = 49;

    public string Name => "wireguard";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken) =>
    [
        .. await MeasureAsync("WireGuard over UDP, GSO and GRO", UdpBatching.Automatic, 1280, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("WireGuard over UDP, sendmmsg", UdpBatching.WithoutOffload, 1280, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("WireGuard over UDP, small packets", UdpBatching.Automatic, 96, duration, cancellationToken).ConfigureAwait(false),
    ];

    private static async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(
        string name, UdpBatching batching, int packetSize, TimeSpan duration, CancellationToken cancellationToken)
    {
        var flow = new PacedFlow();
        using var a = new TunnelEnd("100.64.0.1", batching, new Counting(new PacedFlow()));
        using var b = new TunnelEnd("100.64.0.2", batching, new Counting(flow));
        TunnelEnd.Connect(a, b);
        var packet = a.PacketTo(b, packetSize);
        var result = await flow.RunAsync(
            () =>
            {
                for (var index = 0; index < PacketsPerBurst; index++)
                {
                    a.Device.Send(packet);
                }

                a.Device.Flush();
                return PacketsPerBurst;
            },
            duration,
            cancellationToken).ConfigureAwait(false);
        return result.Figures(name, packetSize);
    }

    private sealed class Counting(PacedFlow flow) : IPacketReceiver
    {
        private int _count;

        public void Receive(ReadOnlySpan<byte> packet) => _count++;

        public void EndOfBatch()
        {
            flow.Arrived(_count);
            _count = 0;
        }
    }
}
