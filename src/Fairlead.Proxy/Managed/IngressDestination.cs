using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Managed;

/// <summary>Where what comes to one address of the device goes: to each backend in turn.</summary>
internal sealed class IngressDestination(ImmutableArray<IPAddress> backends)
{
    private int _turn = -1;

    public ImmutableArray<IPAddress> Backends { get; } = backends;

    public IPAddress Next() => Backends[(int)((uint)Interlocked.Increment(ref _turn) % (uint)Backends.Length)];
}
