using System.Diagnostics;
using Fairlead.Bench.Measurements;
using Fairlead.Tailnet.Packets;
using Fairlead.Tailnet.Transport;
using Fairlead.Tailnet.WireGuard;

namespace Fairlead.Bench.Tailnet;

/// <summary>How long a small packet takes there and back between two devices over UDP, each time after both ends have gone to sleep.</summary>
internal sealed class DeviceLatency : IMeasurement
{
    private const int WarmUp = 2000;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public string Name => "latency";

    public Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(() => Measure(duration), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static IReadOnlyList<MeasuredFigure> Measure(TimeSpan duration)
    {
        using var arrived = new AutoResetEvent(false);
        var echo = new Echo();
        using var a = new TunnelEnd("100.64.0.1", UdpBatching.Automatic, new Signal(arrived));
        using var b = new TunnelEnd("100.64.0.2", UdpBatching.Automatic, echo);
        TunnelEnd.Connect(a, b);
        echo.Answer = b.PacketTo(a, 41);
        echo.Link = b.Device;
        var packet = a.PacketTo(b, 41);
        var times = new List<double>();
        var begin = Stopwatch.GetTimestamp();
        for (var count = 0; Stopwatch.GetElapsedTime(begin) < duration || count < 2 * WarmUp; count++)
        {
            var sent = Stopwatch.GetTimestamp();
            a.Device.Send(packet);
            a.Device.Flush();
            if (!arrived.WaitOne(Limit))
            {
                throw new InvalidOperationException("An echo did not come back.");
            }

            if (count >= WarmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMicroseconds);
            }
        }

        times.Sort();
        return
        [
            new MeasuredFigure("WireGuard over UDP, there and back, p50", "µs", times[times.Count / 2], "wakes a thread at each end and the waiting one"),
            new MeasuredFigure("WireGuard over UDP, there and back, p99", "µs", times[times.Count * 99 / 100]),
        ];
    }

    private sealed class Signal(AutoResetEvent arrived) : IPacketReceiver
    {
        public void Receive(ReadOnlySpan<byte> packet) => arrived.Set();

        public void EndOfBatch()
        {
        }
    }

    private sealed class Echo : IPacketReceiver
    {
        public WireGuardDevice? Link { get; set; }

        public byte[] Answer { get; set; } = [];

        public void Receive(ReadOnlySpan<byte> packet) => Link?.Send(Answer);

        public void EndOfBatch() => Link?.Flush();
    }
}
