using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;
using Fairlead.Tailnet.Transport;

namespace Fairlead.Tailnet.Derp;

/// <summary>Takes what comes from relays. Called from the connections' threads, with no lock held.</summary>
public interface IDerpObserver : IDatagramReceiver
{
    /// <summary>A node that was written to, or that has written, cannot be reached through the region.</summary>
    void PeerGone(int region, NodePublicKey node, DerpPeerGoneReason reason);

    /// <summary>A connection was made or lost, or its health has changed; see <see cref="DerpClient.GetStatus"/>.</summary>
    void ConnectionChanged(int region);
}
