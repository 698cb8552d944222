namespace Fairlead.Proxy.State;

/// <summary>Outside Kubernetes nobody asks.</summary>
internal sealed class NoProxyState : IProxyState
{
    public Task WriteAsync(IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ForgetDeviceAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
