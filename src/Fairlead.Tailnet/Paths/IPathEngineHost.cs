using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Paths;

/// <summary>What the engine needs to know and to tell. Called with no lock held, except for <see cref="KnowsRegion"/>.</summary>
internal interface IPathEngineHost
{
    /// <summary>Whether something can be sent through a region. Must be quick and take no lock that calls back.</summary>
    bool KnowsRegion(int region);

    /// <summary>Own addresses are about to be told to a peer: time to see whether they are still right.</summary>
    void EndpointsWanted();

    void PathChanged(NodePublicKey node);

    /// <summary>The peer was heard: it is there, and knows us.</summary>
    /// <param name="roundTrip">How long its answer took; zero if it was none.</param>
    void PathProven(NodePublicKey node, TimeSpan roundTrip);

    /// <summary>The peer looks for a way to us, as who has something to send does.</summary>
    void PeerCalling(NodePublicKey node);
}
