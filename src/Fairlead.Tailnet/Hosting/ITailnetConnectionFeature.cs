using Fairlead.Tailnet.Nodes;

namespace Fairlead.Tailnet.Hosting;

/// <summary>On a connection that came over the tailnet, who is at its other end.</summary>
public interface ITailnetConnectionFeature
{
    /// <summary>The node that accepted the connection.</summary>
    TailnetNode Node { get; }

    /// <summary>The peer as the network map has it now; null if it has left the tailnet since.</summary>
    TailnetIdentity? Peer { get; }
}
