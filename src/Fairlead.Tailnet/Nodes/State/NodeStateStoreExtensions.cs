namespace Fairlead.Tailnet.Nodes.State;

/// <summary>Writes to any state store.</summary>
public static class NodeStateStoreExtensions
{
    /// <summary>Sets or, with null, removes one value.</summary>
    /// <inheritdoc cref="INodeStateStore.WriteAsync"/>
    public static ValueTask WriteAsync(this INodeStateStore store, string key, byte[]? value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.WriteAsync(new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [key] = value }, cancellationToken);
    }
}
