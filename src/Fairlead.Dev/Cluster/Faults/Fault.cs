using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>One planned fault and what has come of it.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource _hit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RequestMatch _match;
    private readonly int _nth;
    private readonly int _times;
    private int _seen;
    private int _hits;

    internal Fault(RequestMatch match, FaultEffect effect, int nth, int times)
    {
        _match = match;
        Effect = effect;
        _nth = nth;
        _times = times;
    }

    public FaultEffect Effect { get; }

    /// <summary>Requests affected so far.</summary>
    public int Hits => Volatile.Read(ref _hits);

    /// <summary>Completes when the first request is affected.</summary>
    public Task FirstHit => _hit.Task;

    internal bool Claims(ApiRequest request)
    {
        if (!_match.Matches(request))
            return false;
        var number = Interlocked.Increment(ref _seen);
        if (number < _nth || number - _nth >= _times)
            return false;
        Interlocked.Increment(ref _hits);
        _hit.TrySetResult();
        return true;
    }
}
