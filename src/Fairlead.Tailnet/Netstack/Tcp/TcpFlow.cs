using Fairlead.Tailnet.Netstack.Ip;
using Fairlead.Tailnet.Netstack.Timing;

namespace Fairlead.Tailnet.Netstack.Tcp;

/// <summary>What the table of flows holds: a connection, or what is left of one in TIME-WAIT.</summary>
internal abstract class TcpFlow(FlowKey key) : TimerEntry
{
    public FlowKey Key { get; } = key;

    /// <summary>Takes a segment of the flow.</summary>
    /// <returns>False if it opens a new connection that takes this one's place.</returns>
    public abstract bool Receive(in TcpSegment segment);

    /// <summary>Ends the flow at once without a word to the peer.</summary>
    public abstract void Drop(System.Net.Sockets.SocketError reason);
}
