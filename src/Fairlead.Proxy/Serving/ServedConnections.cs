using System.Net;
using Fairlead.Tailnet.Netstack;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Proxy.Serving;

/// <summary>The connections that a device serves at one time, divided so that no peer can take all.</summary>
internal sealed class ServedConnections(int most)
{
    /// <summary>Connections with which each may have a large buffer while it copies, so that all of them together take 32 MiB.</summary>
    private const int FewConnections = 256;

    private const int LargeBuffer = 64 * 1024;

    /// <summary>With which thousands of connections that are stuck take no more.</summary>
    private const int SmallBuffer = 8 * 1024;

    private readonly FairShares _places = new(most);

    /// <summary>Bytes that a connection copies at a time, each way, while there are as many as now.</summary>
    public int BufferSize => _places.Taken <= FewConnections ? LargeBuffer : SmallBuffer;

    /// <summary>Takes a place for a connection.</summary>
    /// <returns>Gives the place back; null if its peer has all that it can have.</returns>
    public IDisposable? TryEnter(TailnetNode node, IPAddress client)
    {
        // A peer has several addresses; who is no peer, as of the cluster, has but one.
        object owner = node.WhoIs(client)?.Node.StableID is { } peer ? peer : client;
        return _places.TryTake(owner) ? new Place(_places, owner) : null;
    }

    private sealed class Place(FairShares places, object owner) : IDisposable
    {
        public void Dispose() => places.GiveBack(owner);
    }
}
