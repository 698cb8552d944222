using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Fairlead.Proxy.Targets;

/// <summary>The resolver that the system is set up with.</summary>
public sealed class SystemNameResolver : INameResolver
{
    public async Task<ImmutableArray<IPAddress>> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return [.. await Dns.GetHostAddressesAsync(name, cancellationToken).ConfigureAwait(false)];
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
    }
}
