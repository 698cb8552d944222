namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Puts a new connection into its listener's queue.</summary>
internal sealed class AcceptDelivery(TcpPortListener listener, TcpConnection connection) : IThreadPoolWorkItem
{
    public void Execute() => listener.Deliver(connection);
}
