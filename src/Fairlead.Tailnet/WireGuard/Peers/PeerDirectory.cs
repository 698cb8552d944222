using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>All peers by key. Holds references alone: keys are in the peers.</summary>
internal sealed class PeerDirectory
{
    private readonly Lock _gate = new();
    private readonly HashSet<ConfiguredPeer> _peers = new(new ByKey());

    public ConfiguredPeer? Find(NodePublicKey key)
    {
        lock (_gate)
        {
            return _peers.GetAlternateLookup<NodePublicKey>().TryGetValue(key, out var peer) ? peer : null;
        }
    }

    public void Add(ConfiguredPeer peer)
    {
        lock (_gate)
        {
            _peers.Add(peer);
        }
    }

    public void Remove(ConfiguredPeer peer)
    {
        lock (_gate)
        {
            _peers.Remove(peer);
        }
    }

    public ConfiguredPeer[] All()
    {
        lock (_gate)
        {
            return [.. _peers];
        }
    }

    private sealed class ByKey : IEqualityComparer<ConfiguredPeer>, IAlternateEqualityComparer<NodePublicKey, ConfiguredPeer>
    {
        public bool Equals(ConfiguredPeer? x, ConfiguredPeer? y) => x!.Key == y!.Key;

        public int GetHashCode(ConfiguredPeer obj) => obj.Key.GetHashCode();

        public bool Equals(NodePublicKey alternate, ConfiguredPeer other) => alternate == other.Key;

        public int GetHashCode(NodePublicKey alternate) => alternate.GetHashCode();

        public ConfiguredPeer Create(NodePublicKey alternate) => throw new NotSupportedException("Peers are looked up by key, not added.");
    }
}
