namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>Hands a new connection to the handler that agreed to take it.</summary>
internal sealed class HandlerStart(Action<TcpConnection> handler, TcpConnection connection) : IThreadPoolWorkItem
{
    public void Execute() => handler(connection);
}
