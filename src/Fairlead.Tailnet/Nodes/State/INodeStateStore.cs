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

    /// <summary>Sets or, with null, removes a value. When the task ends the value outlives the process.</summary>
    /// <exception cref="NodeStateException">The store cannot be written.</exception>
    ValueTask WriteAsync(string key, byte[]? value, CancellationToken cancellationToken);
}
