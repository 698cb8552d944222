using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.NetCheck;

/// <summary>
/// Chooses the home region: the nearest by the best latency of the last minutes, but no change for a small gain. A home that moves makes
/// every peer learn it anew.
/// </summary>
public sealed class HomeRegionSelector(TimeProvider time)
{
    // One slow answer must not make a region look far; after five minutes the network may be another.
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(5);

    // Below this, two regions are equally near.
    private static readonly TimeSpan Insignificant = TimeSpan.FromMilliseconds(10);

    // The new one must take off a third of the old one's latency.
    private const double Gain = 2.0 / 3;

    private readonly Queue<(long Timestamp, NetworkReport Report)> _recent = new();

    /// <param name="current">The home now, 0 for none.</param>
    /// <param name="isCurrentConnected">Whether its relay is connected: then it works, even if it did not answer this time.</param>
    /// <returns>Region ID; 0 only if the map has no region to choose.</returns>
    public int Choose(DerpMap map, NetworkReport report, int current, bool isCurrentConnected)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(report);
        Remember(report);
        var candidates = Candidates(map);
        if (candidates.Count == 0)
            return 0;
        var isCurrentAllowed = candidates.Contains(current);
        var latencies = BestRecent(map, candidates);
        if (latencies.Count == 0)
            return isCurrentAllowed ? current : candidates.Min();
        var (nearest, latency) = latencies.MinBy(entry => (entry.Value, entry.Key));
        if (!isCurrentAllowed || nearest == current)
            return nearest;
        if (!latencies.TryGetValue(current, out var old))
            return isCurrentConnected ? current : nearest;
        var answered = report.Latencies.ContainsKey(current) || isCurrentConnected;
        return answered && (old - latency < Insignificant || latency > old * Gain) ? current : nearest;
    }

    /// <summary>Forgets what was measured, as after a change of the network.</summary>
    public void Forget() => _recent.Clear();

    private static List<int> Candidates(DerpMap map)
    {
        var all = (map.Regions ?? new Dictionary<int, DerpRegion?>())
            .Where(entry => entry.Value is { NoMeasureNoHome: false } region && region.Nodes.Any(node => !node.STUNOnly))
            .ToList();
        var wanted = all.Where(entry => !entry.Value!.Avoid).ToList();
        return [.. (wanted.Count > 0 ? wanted : all).Select(entry => entry.Key)];
    }

    private void Remember(NetworkReport report)
    {
        _recent.Enqueue((time.GetTimestamp(), report));
        while (time.GetElapsedTime(_recent.Peek().Timestamp) > Memory)
            _recent.Dequeue();
    }

    private Dictionary<int, TimeSpan> BestRecent(DerpMap map, List<int> candidates)
    {
        var best = new Dictionary<int, TimeSpan>();
        foreach (var (_, report) in _recent)
        {
            foreach (var region in candidates)
            {
                if (!report.Latencies.TryGetValue(region, out var latency) || latency.Best is not { } measured)
                    continue;
                var factor = map.HomeParams?.RegionScore is { } scores && scores.TryGetValue(region, out var score) && score > 0 ? score : 1;
                var scored = measured * factor;
                if (!best.TryGetValue(region, out var known) || scored < known)
                    best[region] = scored;
            }
        }

        return best;
    }
}
