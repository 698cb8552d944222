using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>Round trips of one byte: over the system's own TCP on the loopback device, and node to node.</summary>
internal sealed class EchoLatency : IMeasurement
{
    public string Name => "echo";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var figures = new List<MeasuredFigure>();
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint, cancellationToken).ConfigureAwait(false);
            using var server = await listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
            server.NoDelay = true;
            figures.AddRange(await MeasureAsync("limit: echo over the system's TCP", client.GetStream(), server.GetStream(), duration, cancellationToken).ConfigureAwait(false));
        }

        await using var pair = await NodePair.ConnectAsync(relayed: false, cancellationToken).ConfigureAwait(false);
        figures.AddRange(await MeasureAsync("echo, node to node", pair.Client, pair.Server, duration, cancellationToken).ConfigureAwait(false));
        return figures;
    }

    private static async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(
        string name, Stream client, Stream server, TimeSpan duration, CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var echoing = Task.Run(() => EchoAsync(server, stopping.Token), cancellationToken);
        await RoundTripsAsync(client, TimeSpan.FromSeconds(0.5), cancellationToken).ConfigureAwait(false);
        var trips = await RoundTripsAsync(client, duration, cancellationToken).ConfigureAwait(false);
        await stopping.CancelAsync().ConfigureAwait(false);
        await echoing.ConfigureAwait(false);
        trips.Sort();
        return
        [
            new MeasuredFigure($"{name}, p50", "µs", trips[trips.Count / 2].TotalMicroseconds),
            new MeasuredFigure($"{name}, p99", "µs", trips[trips.Count * 99 / 100].TotalMicroseconds, $"{trips.Count} round trips"),
        ];
    }

    private static async Task<List<TimeSpan>> RoundTripsAsync(Stream stream, TimeSpan duration, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        var trips = new List<TimeSpan>();
        var begin = Stopwatch.GetTimestamp();
        do
        {
            var sent = Stopwatch.GetTimestamp();
            await stream.WriteAsync(one, cancellationToken).ConfigureAwait(false);
            await stream.ReadExactlyAsync(one, cancellationToken).ConfigureAwait(false);
            trips.Add(Stopwatch.GetElapsedTime(sent));
        }
        while (Stopwatch.GetElapsedTime(begin) < duration);
        return trips;
    }

    private static async Task EchoAsync(Stream stream, CancellationToken cancellationToken)
    {
        var one = new byte[1];
        try
        {
            while (await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 1)
            {
                await stream.WriteAsync(one, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Enough.
        }
    }
}
