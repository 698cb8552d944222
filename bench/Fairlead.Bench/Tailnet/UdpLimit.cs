using System.Net;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Bench.Tailnet;

/// <summary>What the loopback device carries between two sockets of this transport, without WireGuard.</summary>
internal sealed class UdpLimit : IMeasurement
{
    // A packet of 1,280 bytes as WireGuard sends it.
    private const int DatagramSize = 1312;
    private const int DatagramsPerBatch = 49;

    public string Name => "udp";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken) =>
    [
        .. await MeasureAsync("limit: UDP over loopback, GSO and GRO", UdpBatching.Automatic, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("limit: UDP over loopback, sendmmsg", UdpBatching.WithoutOffload, duration, cancellationToken).ConfigureAwait(false),
        .. await MeasureAsync("limit: UDP over loopback, one by one", UdpBatching.None, duration, cancellationToken).ConfigureAwait(false),
    ];

    private static async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(string name, UdpBatching batching, TimeSpan duration, CancellationToken cancellationToken)
    {
        var options = new UdpTransportOptions { IPv4 = IPAddress.Loopback, IPv6 = null, Batching = batching };
        using var sender = new UdpTransport(options);
        using var receiver = new UdpTransport(options);
        var flow = new PacedFlow();
        receiver.Start(new Counting(flow));
        var to = PathAddress.Direct(UdpAddress.From(IPAddress.Loopback, receiver.Port));
        var batch = new byte[DatagramSize * DatagramsPerBatch];
        var result = await flow.RunAsync(
            () =>
            {
                sender.Send(to, batch, DatagramSize);
                return DatagramsPerBatch;
            },
            duration,
            cancellationToken).ConfigureAwait(false);
        return result.Figures(name, DatagramSize);
    }

    private sealed class Counting(PacedFlow flow) : IDatagramReceiver
    {
        private int _count;

        public void Receive(Span<byte> datagram, in PathAddress from) => _count++;

        public void EndOfBatch()
        {
            flow.Arrived(_count);
            _count = 0;
        }
    }
}
