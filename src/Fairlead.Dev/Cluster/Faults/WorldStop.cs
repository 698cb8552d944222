using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>
/// Lets a number of writes through and then cuts off the clients it is for, as if they had been killed right there: the last
/// write is committed, everything after it does not happen.
/// </summary>
public sealed class WorldStop : IDisposable
{
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _oneWrite = new(1);
    private readonly RequestMatch _match;
    private readonly bool _answersLast;
    private int _left;

    internal WorldStop(RequestMatch match, int writes, bool answersLast)
    {
        _match = match;
        _left = writes;
        _answersLast = answersLast;
        if (writes == 0)
            _stopped.SetResult();
    }

    /// <summary>Completes when the last write is committed.</summary>
    public Task Stopped => _stopped.Task;

    public void Dispose() => _oneWrite.Dispose();

    internal bool Concerns(ApiRequest request) => _match.Matches(request);

    /// <summary>Waits for the turn of a write.</summary>
    /// <returns>False when the world has stopped: the request is to be cut.</returns>
    internal async Task<bool> EnterAsync(bool isWrite, CancellationToken cancellationToken)
    {
        if (!isWrite)
            return !_stopped.Task.IsCompleted;
        await _oneWrite.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_stopped.Task.IsCompleted)
            return true;
        _oneWrite.Release();
        return false;
    }

    /// <summary>Whether the write about to be carried out stays without an answer if it succeeds, being the last.</summary>
    internal bool LosesAnswer => _left == 1 && !_answersLast;

    internal void Leave(bool committed)
    {
        if (committed && --_left == 0)
            _stopped.TrySetResult();
        _oneWrite.Release();
    }
}
