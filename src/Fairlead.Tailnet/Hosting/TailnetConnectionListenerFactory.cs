using System.Net;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Tailnet.Hosting;

/// <summary>Lets Kestrel, or another server built on connections, listen on a tailnet node: on <see cref="TailnetEndPoint"/>s, beside other transports.</summary>
public sealed class TailnetConnectionListenerFactory(TailnetNode node) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => endpoint is TailnetEndPoint;

    /// <exception cref="NotSupportedException">The end point is none of a tailnet.</exception>
    /// <exception cref="AddressInUseException">Somebody listens there already.</exception>
    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not TailnetEndPoint tailnet)
        {
            throw new NotSupportedException($"{endpoint} is no {nameof(TailnetEndPoint)}.");
        }

        try
        {
            var listener = tailnet.Service is not { } service ? node.ListenTcp(tailnet.Port)
                : tailnet.OffersService ? await node.ListenServiceAsync(service, tailnet.Port, cancellationToken).ConfigureAwait(false)
                : node.ListenService(service, tailnet.Port);
            return new TailnetConnectionListener(node, listener, tailnet);
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new AddressInUseException($"{endpoint} cannot be listened on: {e.Message}", e);
        }
    }
}
