using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Proxies;

/// <summary>One TCP connection through a layer 3 ingress: bytes without end from the server, and round trips of one byte.</summary>
internal sealed class ForwardedStream : IMeasurement
{
    private const int Connections = 32;
    private const int ReadSize = 256 << 10;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    public string Name => "stream";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var lab = await ProxyLab.StartAsync(_ => [("TS_DEST_IP", "127.0.0.1")], cancellationToken).ConfigureAwait(false);
        var echoes = new Dictionary<Way, IReadOnlyList<Func<Task>>>();
        foreach (var way in Enum.GetValues<Way>())
        {
            echoes[way] = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => EchoAsync(lab, way, cancellationToken))).ConfigureAwait(false);
        }

        await lab.AwaitDirectPathAsync(BackendProcess.Hostname, echoes[Way.Tailnet][0], cancellationToken).ConfigureAwait(false);
        await lab.AwaitDirectPathAsync(ProxyLab.ProxyName, echoes[Way.Proxy][0], cancellationToken).ConfigureAwait(false);
        var idle = lab.ProxyResidentMebibytes;
        var figures = new List<MeasuredFigure>();
        foreach (var way in Enum.GetValues<Way>())
        {
            figures.Add(new MeasuredFigure($"layer 3 stream, {WayComparison.Name(way)}", "Gbit/s", await DrainAsync(lab, way, duration, cancellationToken).ConfigureAwait(false), "payload of one TCP connection"));
        }

        figures.Add(new MeasuredFigure("layer 3 stream: through the proxy, of the tailnet without it", "%", 100 * figures[(int)Way.Proxy].Value / figures[(int)Way.Tailnet].Value));
        figures.AddRange(await WayComparison.MeasureAsync(
            "layer 3 echo", "round trips/s", echoes, echoes.ToDictionary(pair => pair.Key, pair => pair.Value[0]), null, () => lab.ProxyTime, duration, cancellationToken).ConfigureAwait(false));
        figures.Add(new MeasuredFigure(
            string.Create(CultureInfo.InvariantCulture, $"layer 3: resident memory of the proxy, {Connections} idle connections"), "MiB", idle));
        figures.Add(new MeasuredFigure("layer 3: resident memory of the proxy, after the measurement", "MiB", lab.ProxyResidentMebibytes));
        return figures;
    }

    private static async Task<Stream> ConnectAsync(ProxyLab lab, Way way, byte wanted, CancellationToken cancellationToken)
    {
        Stream stream;
        if (way == Way.Loopback)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, lab.StreamPort), cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        else
        {
            var (host, port) = way == Way.Tailnet ? (lab.BackendName, BackendProcess.StreamPort) : (lab.ProxyFqdn, lab.StreamPort);
            stream = await lab.Client.DialAsync(host, port, cancellationToken).ConfigureAwait(false);
        }

        await stream.WriteAsync(new[] { wanted }, cancellationToken).ConfigureAwait(false);
        return stream;
    }

    private static async Task<Func<Task>> EchoAsync(ProxyLab lab, Way way, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(lab, way, BackendProcess.Echo, cancellationToken).ConfigureAwait(false);
        var one = new byte[1];
        return async () =>
        {
            await stream.WriteAsync(one, cancellationToken).ConfigureAwait(false);
            await stream.ReadExactlyAsync(one, cancellationToken).ConfigureAwait(false);
        };
    }

    /// <returns>Gbit/s.</returns>
    private static async Task<double> DrainAsync(ProxyLab lab, Way way, TimeSpan duration, CancellationToken cancellationToken)
    {
        var stream = await ConnectAsync(lab, way, BackendProcess.Source, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var buffer = new byte[ReadSize];
            await ReadForAsync(WarmUp).ConfigureAwait(false);
            var begin = Stopwatch.GetTimestamp();
            var bytes = await ReadForAsync(duration).ConfigureAwait(false);
            return bytes * 8 / Stopwatch.GetElapsedTime(begin).TotalSeconds / 1e9;

            async Task<long> ReadForAsync(TimeSpan time)
            {
                var from = Stopwatch.GetTimestamp();
                long sum = 0;
                while (Stopwatch.GetElapsedTime(from) < time)
                {
                    sum += await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                }

                return sum;
            }
        }
    }
}
