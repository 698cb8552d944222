using System.Net;
using Fairlead.Tailnet.Dialing;

namespace Fairlead.Tailnet.Control.Transport;

/// <summary>The system's resolver and sockets. Of several addresses the first that answers is taken, so that one family may be broken.</summary>
public sealed class ControlDialer : IControlDialer
{
    private readonly TimeProvider _time;

    public ControlDialer(TimeProvider time) => _time = time;

    public static ControlDialer Instance { get; } = new(TimeProvider.System);

    public async ValueTask<Stream> ConnectAsync(string host, int port, IPAddress? address, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = address is not null ? [address] : await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        return await StaggeredDial.ConnectAsync(addresses, port, _time, cancellationToken).ConfigureAwait(false);
    }
}
