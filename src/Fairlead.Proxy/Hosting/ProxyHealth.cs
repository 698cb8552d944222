using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Hosting;

/// <summary>Whether a proxy is any good just now: it is once its device has an address.</summary>
internal sealed class ProxyHealth
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string _problem = "the device has no tailnet address yet";

    /// <summary>Ends when traffic could take all its ways for the first time.</summary>
    public Task Started => _started.Task;

    /// <summary>Empty while all is well.</summary>
    public string Problem => _problem;

    public void Note(ImmutableArray<IPAddress> addresses) =>
        _problem = addresses.IsEmpty ? "the device has no tailnet address" : "";

    public void NoteStarted() => _started.TrySetResult();
}
