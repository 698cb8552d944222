using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.DevSessions;

/// <summary>Sends one request to each Service that is led to the tailnet, as soon as somebody can answer it.</summary>
/// <param name="arrived">Told when a journey has ended, to take it from here.</param>
internal sealed class Journeys(Traveller traveller, Action arrived, CancellationToken stopping)
{
    private readonly HashSet<string> _begun = new(StringComparer.Ordinal);
    private readonly List<Task> _all = [];
    private readonly ConcurrentQueue<Journey> _ended = [];
    private int _underWay;

    /// <summary>All of them end soon after the session does.</summary>
    public Task Completion => Task.WhenAll(_all);

    /// <inheritdoc cref="Traveller.FirstArrival"/>
    public TimeSpan? FirstArrival => traveller.FirstArrival;

    public bool TryTake(out Journey journey) => _ended.TryDequeue(out journey!);

    /// <summary>Begins what can begin.</summary>
    /// <returns>Whether nothing is left to begin or to end.</returns>
    public bool Consider(IReadOnlyList<ProxyOverview> proxies, IReadOnlyCollection<JsonObject> objects)
    {
        var map = new ClusterMap(objects);
        var isComplete = true;
        foreach (var proxy in proxies.Where(proxy => !proxy.IsEgress))
        {
            if (_begun.Contains(proxy.Uid))
            {
                continue;
            }

            if (proxy.IsRunning && map.HasReadyEndpoint(proxy.Service) && HasWaysOut(proxy, proxies))
            {
                _begun.Add(proxy.Uid);
                Interlocked.Increment(ref _underWay);
                _all.Add(TravelAsync(proxy, map));
            }
            else
            {
                // A Service that stands for nobody cannot be asked.
                isComplete &= proxy.IsRunning && !map.ExpectsEndpoints(proxy.Service);
            }
        }

        return isComplete && Volatile.Read(ref _underWay) == 0 && _ended.IsEmpty;
    }

    /// <summary>Services that are on the tailnet and wait for somebody behind them who answers.</summary>
    public static IEnumerable<ObjectKey> Unanswered(IReadOnlyList<ProxyOverview> proxies, IReadOnlyCollection<JsonObject> objects)
    {
        var map = new ClusterMap(objects);
        return from proxy in proxies
               where !proxy.IsEgress && proxy.IsRunning && map.ExpectsEndpoints(proxy.Service) && !map.HasReadyEndpoint(proxy.Service)
               select proxy.Service;
    }

    /// <summary>Pods may need the tailnet themselves in order to answer.</summary>
    private static bool HasWaysOut(ProxyOverview proxy, IReadOnlyList<ProxyOverview> proxies) =>
        proxies.All(other => !other.IsEgress || other.Service.Namespace != proxy.Service.Namespace || other.IsRunning || other.IsInvalid);

    private async Task TravelAsync(ProxyOverview proxy, ClusterMap map)
    {
        try
        {
            _ended.Enqueue(await traveller.RequestAsync(proxy, map, stopping).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The session ends.
        }

        Interlocked.Decrement(ref _underWay);
        arrived();
    }
}
