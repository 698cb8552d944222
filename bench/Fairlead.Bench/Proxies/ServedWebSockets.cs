using System.Net.WebSockets;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Proxies;

/// <summary>Messages of 1 KiB and their echoes over WebSockets, upgraded from HTTP/1.1.</summary>
internal sealed class ServedWebSockets : IMeasurement
{
    private const int AtOnce = 32;
    private const int MessageSize = 1024;
    private const double LeastShare = 60;

    public string Name => "websocket";

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var lab = await ProxyLab.StartAsync(lab => [("TS_SERVE_CONFIG", lab.WriteServeConfig(ServedHttp.ServeConfig(lab)))], cancellationToken).ConfigureAwait(false);
        using var direct = lab.NewHttp(tailnet: false);
        using var tailnet = lab.NewHttp(tailnet: true);
        var many = new Dictionary<Way, IReadOnlyList<Func<Task>>>
        {
            [Way.Loopback] = await OpenAsync(direct, $"127.0.0.1:{lab.HttpPort}").ConfigureAwait(false),
            [Way.Tailnet] = await OpenAsync(tailnet, lab.BackendName).ConfigureAwait(false),
            [Way.Proxy] = await OpenAsync(tailnet, lab.ProxyFqdn).ConfigureAwait(false),
        };
        await lab.AwaitDirectPathAsync(BackendProcess.Hostname, many[Way.Tailnet][0], cancellationToken).ConfigureAwait(false);
        await lab.AwaitDirectPathAsync(ProxyLab.ProxyName, many[Way.Proxy][0], cancellationToken).ConfigureAwait(false);
        return await WayComparison.MeasureAsync(
            "WebSocket", "messages/s", many, many.ToDictionary(pair => pair.Key, pair => pair.Value[0]), LeastShare, () => lab.ProxyTime, duration, cancellationToken).ConfigureAwait(false);

        async Task<IReadOnlyList<Func<Task>>> OpenAsync(HttpMessageInvoker client, string host) =>
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => EchoAsync(client, new Uri($"ws://{host}{BackendProcess.WebSocketPath}"), cancellationToken))).ConfigureAwait(false);
    }

    private static async Task<Func<Task>> EchoAsync(HttpMessageInvoker client, Uri url, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(url, client, cancellationToken).ConfigureAwait(false);
        var buffer = new byte[MessageSize];
        return async () =>
        {
            await socket.SendAsync(buffer.AsMemory(), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken).ConfigureAwait(false);
            while (!(await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false)).EndOfMessage)
            {
                // The echo may come in pieces.
            }
        };
    }
}
