using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>One TCP connection from node to node: stack, filter, WireGuard, UDP on the loopback device, and all that again.</summary>
internal sealed class StreamThroughput : IMeasurement
{
    // What the stack makes of full segments at an MTU of 1,280: 20 + 20 bytes of headers and 12 of options.
    private const int SegmentSize = 1228;
    private const int WriteSize = 64 << 10;
    private const int ReadSize = 256 << 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public string Name => "stream";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var direct = await MeasureAsync("one TCP stream, node to node", relayed: false, duration, cancellationToken).ConfigureAwait(false);
        return
        [
            direct,
            .. await BaselineStream.MeasureAsync(direct, duration, cancellationToken).ConfigureAwait(false),
            await MeasureAsync("one TCP stream, through the relay", relayed: true, duration, cancellationToken).ConfigureAwait(false),
        ];
    }

    private static async Task<MeasuredFigure> MeasureAsync(string name, bool relayed, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var pair = await NodePair.ConnectAsync(relayed, cancellationToken).ConfigureAwait(false);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var writing = Task.Run(() => WriteAsync(pair.Client, stopping.Token), cancellationToken);
        await ReadAsync(pair.Server, WarmUp, cancellationToken).ConfigureAwait(false);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var begin = Stopwatch.GetTimestamp();
        var bytes = await ReadAsync(pair.Server, duration, cancellationToken).ConfigureAwait(false);
        var elapsed = Stopwatch.GetElapsedTime(begin);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        await stopping.CancelAsync().ConfigureAwait(false);
        await writing.ConfigureAwait(false);
        var perSegment = (double)allocated / Math.Max(1, bytes / SegmentSize);
        return new MeasuredFigure(
            name, "Gbit/s", bytes * 8 / elapsed.TotalSeconds / 1e9, string.Create(CultureInfo.InvariantCulture, $"payload; {perSegment:0.##} bytes allocated per segment"));
    }

    private static async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[WriteSize];
        try
        {
            while (true)
            {
                await stream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }

    private static async Task<long> ReadAsync(Stream stream, TimeSpan duration, CancellationToken cancellationToken)
    {
        var buffer = new byte[ReadSize];
        var begin = Stopwatch.GetTimestamp();
        long bytes = 0;
        while (Stopwatch.GetElapsedTime(begin) < duration)
        {
            bytes += await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        return bytes;
    }
}
