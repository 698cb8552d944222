using System.Net.Sockets;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.DevSessions;

/// <summary>Sends requests from the laptop to Services through the tailnet, and tells the way that they took.</summary>
/// <param name="clock">Of the session.</param>
internal sealed class Traveller(TailnetNode laptop, SessionClock clock)
{
    /// <summary>Longer than any part of the way takes that still counts as working.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>When the first answer came, on the session's clock; null before.</summary>
    public TimeSpan? FirstArrival { get; private set; }

    public async Task<Journey> RequestAsync(ProxyOverview proxy, ClusterMap map, CancellationToken cancellationToken)
    {
        var host = proxy.DeviceName!.Split('.')[0];
        var port = PortOf(map.Service(proxy.Service));
        var url = new UriBuilder(Uri.UriSchemeHttp, host, port, "/").Uri;
        var start = clock.Elapsed;
        TimeSpan? connected = null;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        using var http = new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            ConnectCallback = async (_, connecting) =>
            {
                var stream = await laptop.DialAsync(host, port, connecting).ConfigureAwait(false);
                connected = clock.Elapsed - start;
                return stream;
            },
        });
        try
        {
            await KnowAsync(proxy, limit.Token).ConfigureAwait(false);
            start = clock.Elapsed;
            using var response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
            var took = clock.Elapsed - start;
            FirstArrival ??= clock.Elapsed;
            var hops = new JourneyHops(proxy, map, laptop.Status).Of(port, connected, response);
            return new Journey(proxy.Service, url, $"{(int)response.StatusCode} {response.ReasonPhrase}", response.IsSuccessStatusCode, took, hops);
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.InvalidResponse)
        {
            FirstArrival ??= clock.Elapsed;
            return new Journey(proxy.Service, url, "an answer that is not HTTP", true, clock.Elapsed - start, new JourneyHops(proxy, map, laptop.Status).Of(port, connected, null));
        }
        catch (Exception e) when (e is HttpRequestException or TailnetNodeException or IOException or SocketException)
        {
            return Failed(e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"no answer within {Patience.TotalSeconds:0} s");
        }

        Journey Failed(string why) =>
            new(proxy.Service, url, why, false, clock.Elapsed - start, connected is null ? [] : new JourneyHops(proxy, map, laptop.Status).Of(port, connected, null));
    }

    /// <summary>The first TCP port, but 80 where there is one: what answers there is most likely to speak HTTP.</summary>
    private static int PortOf(JsonObject? service)
    {
        var ports = (service?["spec"]?["ports"] as JsonArray ?? [])
            .Where(port => ((string?)port?["protocol"] ?? "TCP") == "TCP")
            .Select(port => (int?)port?["port"] ?? 0)
            .ToList();
        return ports.Contains(80) || ports.Count == 0 ? 80 : ports[0];
    }

    /// <summary>Waits until the laptop has heard of the proxy's device.</summary>
    private async Task KnowAsync(ProxyOverview proxy, CancellationToken cancellationToken)
    {
        await foreach (var status in laptop.WatchStatusAsync(cancellationToken).ConfigureAwait(false))
        {
            if (status.Peers.Any(peer => string.Equals(peer.Name, proxy.DeviceName, StringComparison.OrdinalIgnoreCase)))
            {
                return;
            }
        }
    }
}
