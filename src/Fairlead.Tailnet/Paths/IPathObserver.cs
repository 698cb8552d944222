using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Paths;

/// <summary>Is told what the coordination server and the user want to know. Called with no lock held; must not block.</summary>
public interface IPathObserver
{
    /// <summary>The places where peers may reach us are others than before.</summary>
    void EndpointsChanged(IReadOnlyList<LocalEndpoint> endpoints);

    /// <summary>The machine's network is another than before: connections made over the old one may be dead and nobody will say so.</summary>
    void NetworkChanged();

    /// <summary>The network was probed.</summary>
    /// <param name="home">The home region, 0 for none.</param>
    void NetworkChecked(NetworkReport report, int home);

    /// <summary>A peer is reached another way than before, or our connection to its relay changed.</summary>
    void PathChanged(NodePublicKey node);

    /// <summary>
    /// A peer was heard on some way: what is sent to it now will arrive, where what was sent before may not have. Said often; must be quick,
    /// and may be called while the caller of <see cref="WireGuard.IPeerPath.Send"/> holds locks of its own.
    /// </summary>
    /// <param name="roundTrip">How long an answer takes; zero if that is not known.</param>
    void PathProven(NodePublicKey node, TimeSpan roundTrip);

    /// <summary>A peer looks for a way to this node, as who has something to send does. Called as <see cref="PathProven"/> is.</summary>
    void PeerCalling(NodePublicKey node);

    /// <summary>The home relay has been out of reach for longer than one that restarts is, or is in reach again.</summary>
    /// <param name="region">The home region.</param>
    /// <param name="problem">Why it cannot be reached; null if it can.</param>
    void HomeRelayChanged(int region, string? problem);

    /// <summary>The connection to a relay was made or lost, or its health has changed.</summary>
    void RelayChanged(int region);
}
