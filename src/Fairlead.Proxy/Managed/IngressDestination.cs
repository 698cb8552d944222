using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Managed;

/// <summary>Where what comes to one address of the device goes: to each backend in turn.</summary>
internal sealed class IngressDestination
{
    private int _turn = -1;

    /// <param name="addresses">At least one.</param>
    /// <param name="earlier">Where it went before; what stays of it stays the same. Null if nowhere.</param>
    public IngressDestination(ImmutableArray<IPAddress> addresses, IngressDestination? earlier) =>
        Backends = [.. addresses.Distinct().Select(address => earlier?.Backends.FirstOrDefault(backend => backend.Address.Equals(address)) ?? new IngressBackend(address))];

    public ImmutableArray<IngressBackend> Backends { get; }

    public IngressBackend Next() => Backends[(int)((uint)Interlocked.Increment(ref _turn) % (uint)Backends.Length)];
}
