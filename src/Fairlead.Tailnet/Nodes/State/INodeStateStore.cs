namespace Fairlead.Tailnet.Nodes.State;

/// <summary>
/// Where a node keeps its identity between runs: a few small values under the keys of <see cref="NodeStateKeys"/>. Values are secret.
/// A store belongs to one node; two that run with the same identity would push each other off the tailnet.
/// </summary>
public interface INodeStateStore
{
    /// <summary>The value, or null if there is none.</summary>
    /// <exception cref="NodeStateException">The store cannot be read.</exception>
    ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Sets or, with null, removes values; others stay as they are. When the task ends the values outlive the process. They do so together: a
    /// process that is killed meanwhile leaves all of them or none, for a node's key without what names it is lost.
    /// </summary>
    /// <exception cref="NodeStateException">The store cannot be written.</exception>
    ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken);
}
