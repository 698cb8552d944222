using Fairlead.Dev.Cluster.Http;

namespace Fairlead.Dev.Cluster.Faults;

/// <summary>A time during which matching watches say nothing.</summary>
internal sealed class WatchSilence(RequestMatch match) : IDisposable
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    public bool Keeps(ApiRequest request) => !_ended.Task.IsCompleted && match.Matches(request);

    public void Dispose() => _ended.TrySetResult();
}
