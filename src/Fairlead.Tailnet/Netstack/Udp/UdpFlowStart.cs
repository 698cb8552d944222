namespace Fairlead.Tailnet.Netstack.Udp;

/// <summary>Hands a new flow to the handler that agreed to take it.</summary>
internal sealed class UdpFlowStart(Action<UdpSocket> handler, UdpSocket socket) : IThreadPoolWorkItem
{
    public void Execute() => handler(socket);
}
