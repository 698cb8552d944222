using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Where a port's traffic goes.</summary>
/// <param name="Active">Endpoints that get new connections.</param>
/// <param name="Known">Endpoints that may keep the connections they have: active ones and those that are about to end or not ready.</param>
/// <param name="Affinity">How long a client stays with its endpoint; null: each connection goes to the next one.</param>
internal sealed record ServiceBackends(ImmutableArray<IPEndPoint> Active, ImmutableHashSet<IPEndPoint> Known, TimeSpan? Affinity)
{
    public bool IsSame(ServiceBackends other) => Active.SequenceEqual(other.Active) && Known.SetEquals(other.Known) && Affinity == other.Affinity;
}
