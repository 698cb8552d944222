using System.Net;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>Makes TCP connections.</summary>
public interface IControlDialer
{
    /// <param name="address">Where to connect instead of asking DNS for the host; null to ask.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The host has no address, or none answers.</exception>
    ValueTask<Stream> ConnectAsync(string host, int port, IPAddress? address, CancellationToken cancellationToken);
}
