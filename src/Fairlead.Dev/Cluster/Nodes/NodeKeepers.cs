using System.Collections.Concurrent;

namespace Fairlead.Dev.Cluster.Nodes;

/// <summary>The keepers of a cluster's nodes, by name of the node.</summary>
public sealed class NodeKeepers
{
    private readonly ConcurrentDictionary<string, INodeKeeper> _keepers = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The node has a keeper already.</exception>
    public void Add(string node, INodeKeeper keeper)
    {
        if (!_keepers.TryAdd(node, keeper))
            throw new InvalidOperationException($"node \"{node}\" has a keeper already; give this one another name");
    }

    public void Remove(string node) => _keepers.TryRemove(node, out _);

    public INodeKeeper? Find(string node) => _keepers.GetValueOrDefault(node);
}
