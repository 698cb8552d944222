using Fairlead.Proxy.Configuration;
using Fairlead.Proxy.Hosting;

namespace Fairlead.Proxy.Tests.Managed;

/// <summary>A proxy at work, as a Pod's process would be.</summary>
public sealed class RunningProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    private RunningProxy(IReadOnlyDictionary<string, string> environment, ProxyProcessOptions options)
    {
        Process = new ProxyProcess(ProxyConfigurationReader.Read(environment, hasDaemon: false), options);
        Ended = Process.RunAsync(_stopping.Token);
    }

    public ProxyProcess Process { get; }

    /// <summary>Fails as the process does.</summary>
    public Task Ended { get; }

    public static RunningProxy Start(IReadOnlyDictionary<string, string> environment, ProxyProcessOptions options) => new(environment, options);

    /// <summary>Until traffic takes its ways; a process that ends before fails the test with its reason.</summary>
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await (await Task.WhenAny(Process.Started, Ended).WaitAsync(cancellationToken));
        Assert.True(Process.Started.IsCompleted, "The proxy ended before it was at work.");
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Ended;
        _stopping.Dispose();
    }
}
