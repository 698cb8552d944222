using System.Collections.Immutable;
using System.Net;

namespace Fairlead.Proxy.Targets;

/// <summary>Looks names up in the cluster's DNS.</summary>
public interface INameResolver
{
    /// <summary>All addresses, of both families; empty if the name exists but has none, or does not exist.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">DNS did not answer.</exception>
    Task<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken);
}
