using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Nodes;
using Microsoft.AspNetCore.Connections;

namespace Fairlead.Tailnet.Hosting;

/// <summary>A listener of a tailnet node as a server sees it.</summary>
internal sealed class TailnetConnectionListener(TailnetNode node, TailnetListener listener, TailnetEndPoint endPoint) : IConnectionListener
{
    public EndPoint EndPoint { get; } = new TailnetEndPoint(listener.Port, endPoint.Service, endPoint.OffersService);

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return new TailnetConnectionContext(node, await listener.AcceptAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (SocketException)
        {
            // Null tells the server that no more will come.
            return null;
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => UnbindAsync();
}
