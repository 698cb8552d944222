using Fairlead.Proxy.Hosting;

namespace Fairlead.Proxy.Tests.GroupServices;

/// <summary>A proxy that runs as a Pod's process, and can be stopped as one.</summary>
internal sealed class PodProcess(ProxyProcess process) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;

    /// <summary>The process's end, by itself or because it was stopped.</summary>
    public Task Ended => _running!;

    public void Start() => _running = process.RunAsync(_stopping.Token);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }
}
