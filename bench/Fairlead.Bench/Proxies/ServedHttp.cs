using System.Net;
using Fairlead.Bench.Measurements;

namespace Fairlead.Bench.Proxies;

/// <summary>Pages of 1 KiB through layer 7: plain HTTP/1.1, or HTTP/2 behind TLS, as clients use them.</summary>
internal sealed class ServedHttp(string name) : IMeasurement
{
    private const int AtOnce = 32;
    private const double LeastShare = 60;

    public string Name => name;

    public async Task<IReadOnlyList<MeasuredFigure>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var isSecond = Name == "http2";
        var what = isSecond ? "HTTP/2 with TLS" : "HTTP/1.1";
        await using var lab = await ProxyLab.StartAsync(lab => [("TS_SERVE_CONFIG", lab.WriteServeConfig(ServeConfig(lab)))], cancellationToken).ConfigureAwait(false);
        using var direct = lab.NewHttp(tailnet: false);
        using var tailnet = lab.NewHttp(tailnet: true);
        var scheme = isSecond ? "https" : "http";
        var asks = new Dictionary<Way, Func<Task>>
        {
            [Way.Loopback] = () => AskAsync(direct, new Uri($"{scheme}://127.0.0.1:{(isSecond ? lab.HttpsPort : lab.HttpPort)}/"), isSecond, cancellationToken),
            [Way.Tailnet] = () => AskAsync(tailnet, new Uri($"{scheme}://{lab.BackendName}/"), isSecond, cancellationToken),
            [Way.Proxy] = () => AskAsync(tailnet, new Uri($"{scheme}://{lab.ProxyFqdn}/"), isSecond, cancellationToken),
        };
        await lab.AwaitDirectPathAsync(BackendProcess.Hostname, asks[Way.Tailnet], cancellationToken).ConfigureAwait(false);
        await lab.AwaitDirectPathAsync(ProxyLab.ProxyName, asks[Way.Proxy], cancellationToken).ConfigureAwait(false);
        var idle = lab.ProxyResidentMebibytes;
        var figures = await WayComparison.MeasureAsync(
            what,
            "requests/s",
            asks.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Func<Task>>)[.. Enumerable.Repeat(pair.Value, AtOnce)]),
            asks,
            LeastShare,
            () => lab.ProxyTime,
            duration,
            cancellationToken).ConfigureAwait(false);
        return
        [
            .. figures,
            new MeasuredFigure($"{what}: resident memory of the proxy, after the first request", "MiB", idle),
            new MeasuredFigure($"{what}: resident memory of the proxy, after the measurement", "MiB", lab.ProxyResidentMebibytes),
        ];
    }

    public static string ServeConfig(ProxyLab lab) => $$"""
        { "TCP": { "80": { "HTTP": true }, "443": { "HTTPS": true } },
          "Web": { "{{lab.ProxyFqdn}}:80": { "Handlers": { "/": { "Proxy": "http://127.0.0.1:{{lab.HttpPort}}" } } },
                   "{{lab.ProxyFqdn}}:443": { "Handlers": { "/": { "Proxy": "http://127.0.0.1:{{lab.HttpPort}}" } } } } }
        """;

    private static async Task AskAsync(HttpMessageInvoker client, Uri url, bool isSecond, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = isSecond ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, cancellationToken).ConfigureAwait(false);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
    }
}
