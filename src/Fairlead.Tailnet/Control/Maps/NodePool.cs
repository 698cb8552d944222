using System.Collections.Concurrent;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Maps;

/// <summary>
/// Nodes of this process that follow the same tailnet are told the same of each peer: here equal ones become one object, so that a peer
/// costs its 1.5 KiB once, and not once for each of hundreds of nodes. Holds nothing that nobody else does.
/// </summary>
internal sealed class NodePool
{
    /// <summary>Some versions of a peer, since not all followers are at the same message.</summary>
    private const int Versions = 4;

    private const int MinSweep = 4096;

    private readonly ConcurrentDictionary<NodePublicKey, WeakReference<Node>?[]> _nodes = new();
    private int _sweepAt = MinSweep;

    private NodePool()
    {
    }

    public static NodePool Shared { get; } = new();

    /// <summary>An equal node that is in use already, or this one.</summary>
    public Node Intern(Node node)
    {
        if (node.Key.IsZero) return node;
        var versions = _nodes.GetOrAdd(node.Key, static _ => new WeakReference<Node>?[Versions]);
        lock (versions)
        {
            foreach (var version in versions)
            {
                if (version is not null && version.TryGetTarget(out var known) && NodeEquality.Same(known, node)) return known;
            }

            // The oldest goes.
            Array.Copy(versions, 0, versions, 1, Versions - 1);
            versions[0] = new WeakReference<Node>(node);
        }

        SweepIfDue();
        return node;
    }

    private void SweepIfDue()
    {
        var due = Volatile.Read(ref _sweepAt);
        // Count takes every lock of the dictionary, and a new version of a known peer makes no entry: one look in 64 is enough.
        if (Random.Shared.Next(64) != 0 || _nodes.Count < due || Interlocked.CompareExchange(ref _sweepAt, int.MaxValue, due) != due) return;
        foreach (var (key, versions) in _nodes)
        {
            lock (versions)
            {
                if (!versions.Any(version => version?.TryGetTarget(out _) == true)) _nodes.TryRemove(KeyValuePair.Create(key, versions));
            }
        }

        Volatile.Write(ref _sweepAt, Math.Max(MinSweep, 2 * _nodes.Count));
    }
}
