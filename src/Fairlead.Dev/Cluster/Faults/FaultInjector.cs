using System.Collections.Immutable;
using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>Makes the server fail on purpose. Nothing is dropped or reordered silently: every effect shows on the wire.</summary>
public sealed class FaultInjector
{
    // Requests end under this lock too: their contexts serve other requests afterwards, which must not be cut instead.
    private readonly Lock _gate = new();
    private readonly HashSet<ApiRequest> _watches = [];
    private ImmutableList<Fault> _faults = [];
    private ImmutableList<WatchSilence> _silences = [];
    private volatile WorldStop? _stop;

    /// <summary>Plans a fault for the <paramref name="nth"/> matching request from now and those after it, <paramref name="times"/> in all.</summary>
    public Fault Add(RequestMatch match, FaultEffect effect, int nth = 1, int times = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(times, 1);
        var fault = new Fault(match, effect, nth, times);
        ImmutableInterlocked.Update(ref _faults, (list, added) => list.Add(added), fault);
        return fault;
    }

    /// <summary>Forgets all planned faults, lets silent watches speak and a stopped world go on.</summary>
    public void Clear()
    {
        _faults = [];
        foreach (var silence in Interlocked.Exchange(ref _silences, []))
            silence.Dispose();
        _stop = null;
    }

    /// <summary>Cuts the connections of running watches.</summary>
    /// <returns>How many were cut.</returns>
    public int CutWatches(RequestMatch? match = null)
    {
        lock (_gate)
        {
            var cut = _watches.Where((match ?? RequestMatch.Everything).Matches).ToList();
            cut.ForEach(watch => watch.Http.Abort());
            return cut.Count;
        }
    }

    /// <summary>
    /// Keeps watches open but silent, without events or bookmarks, until the result is disposed of; then they tell what they
    /// had to keep back.
    /// </summary>
    public IDisposable SilenceWatches(RequestMatch? match = null)
    {
        var silence = new WatchSilence(match ?? RequestMatch.Everything);
        ImmutableInterlocked.Update(ref _silences, (list, added) => list.Add(added), silence);
        return silence;
    }

    /// <summary>Cuts the matching clients off after so many committed writes of theirs, until <see cref="Clear"/>.</summary>
    /// <param name="answersLast">Whether the last of these writes is still answered.</param>
    public WorldStop StopAfterWrites(int writes, RequestMatch? match = null, bool answersLast = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(writes);
        var stop = new WorldStop(match ?? RequestMatch.Everything, writes, answersLast);
        _stop = stop;
        if (writes == 0)
            CutWatches(match);
        return stop;
    }

    internal WorldStop? StopFor(ApiRequest request) => _stop is { } stop && stop.Concerns(request) ? stop : null;

    /// <summary>The effects planned for a request, in the order in which they were planned.</summary>
    internal IReadOnlyList<FaultEffect> Claim(ApiRequest request)
    {
        var faults = _faults;
        return faults.IsEmpty ? [] : [.. faults.Where(f => f.Claims(request)).Select(f => f.Effect)];
    }

    internal void WatchStarted(ApiRequest request)
    {
        lock (_gate)
            _watches.Add(request);
    }

    internal void WatchEnded(ApiRequest request)
    {
        lock (_gate)
            _watches.Remove(request);
    }

    internal void CutWatchesOf(WorldStop stop)
    {
        lock (_gate)
        {
            foreach (var watch in _watches.Where(stop.Concerns))
                watch.Http.Abort();
        }
    }

    internal async Task WhileSilencedAsync(ApiRequest request)
    {
        while (_silences.FirstOrDefault(s => s.Keeps(request)) is { } silence)
            await silence.Ended.WaitAsync(request.Aborted).ConfigureAwait(false);
    }
}
