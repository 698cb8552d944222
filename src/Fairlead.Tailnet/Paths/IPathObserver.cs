using Fairlead.Tailnet.NetCheck;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Paths;

/// <summary>Is told what the coordination server and the user want to know. Called with no lock held; must not block.</summary>
public interface IPathObserver
{
    /// <summary>The places where peers may reach us are others than before.</summary>
    void EndpointsChanged(IReadOnlyList<LocalEndpoint> endpoints);

    /// <summary>The network was probed.</summary>
    /// <param name="home">The home region, 0 for none.</param>
    void NetworkChecked(NetworkReport report, int home);

    /// <summary>A peer is reached another way than before, or our connection to its relay changed.</summary>
    void PathChanged(NodePublicKey node);

    /// <summary>The connection to a relay was made or lost, or its health has changed.</summary>
    void RelayChanged(int region);
}
