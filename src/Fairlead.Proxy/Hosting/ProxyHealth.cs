using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Hosting;

/// <summary>Whether a proxy is any good just now: it is once its device has an address.</summary>
internal sealed class ProxyHealth
{
    private volatile string _problem = "the device has no tailnet address yet";

    /// <summary>Empty while all is well.</summary>
    public string Problem => _problem;

    public void Note(ImmutableArray<IPAddress> addresses) =>
        _problem = addresses.IsEmpty ? "the device has no tailnet address" : "";
}
