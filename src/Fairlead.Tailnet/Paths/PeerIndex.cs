using System.Diagnostics.CodeAnalysis;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Paths;

/// <summary>Peers by node key and by disco key. Holds references alone: keys are in the peers. Not thread-safe.</summary>
internal sealed class PeerIndex
{
    private readonly HashSet<PeerPath> _byNode = new(new ByNode());
    private readonly HashSet<PeerPath> _byDisco = new(new ByDisco());

    public IReadOnlyCollection<PeerPath> All => _byNode;

    public bool TryFind(NodePublicKey node, [NotNullWhen(true)] out PeerPath? peer) =>
        _byNode.GetAlternateLookup<NodePublicKey>().TryGetValue(node, out peer);

    public bool TryFind(DiscoPublicKey disco, [NotNullWhen(true)] out PeerPath? peer) =>
        _byDisco.GetAlternateLookup<DiscoPublicKey>().TryGetValue(disco, out peer);

    public void Add(PeerPath peer) => _byNode.Add(peer);

    public void Remove(PeerPath peer)
    {
        SetDisco(peer, default);
        _byNode.Remove(peer);
    }

    /// <summary>A disco key belongs to one peer. Who names another's is not found by it.</summary>
    public void SetDisco(PeerPath peer, DiscoPublicKey disco)
    {
        if (_byDisco.TryGetValue(peer, out var indexed) && ReferenceEquals(indexed, peer))
            _byDisco.Remove(peer);
        peer.Disco = disco;
        if (!disco.IsZero)
            _byDisco.Add(peer);
    }

    public void TrimExcess()
    {
        _byNode.TrimExcess();
        _byDisco.TrimExcess();
    }

    private sealed class ByNode : IEqualityComparer<PeerPath>, IAlternateEqualityComparer<NodePublicKey, PeerPath>
    {
        public bool Equals(PeerPath? x, PeerPath? y) => x!.Node == y!.Node;

        public int GetHashCode(PeerPath obj) => obj.Node.GetHashCode();

        public bool Equals(NodePublicKey alternate, PeerPath other) => alternate == other.Node;

        public int GetHashCode(NodePublicKey alternate) => alternate.GetHashCode();

        public PeerPath Create(NodePublicKey alternate) => throw new NotSupportedException("Peers are looked up by key, not added.");
    }

    private sealed class ByDisco : IEqualityComparer<PeerPath>, IAlternateEqualityComparer<DiscoPublicKey, PeerPath>
    {
        public bool Equals(PeerPath? x, PeerPath? y) => x!.Disco == y!.Disco;

        public int GetHashCode(PeerPath obj) => obj.Disco.GetHashCode();

        public bool Equals(DiscoPublicKey alternate, PeerPath other) => alternate == other.Disco;

        public int GetHashCode(DiscoPublicKey alternate) => alternate.GetHashCode();

        public PeerPath Create(DiscoPublicKey alternate) => throw new NotSupportedException("Peers are looked up by key, not added.");
    }
}
