using System.Collections.Immutable;

namespace Fairlead.Tailnet.Nodes.State;

/// <summary>Keeps the state as long as the object lives: for ephemeral nodes, and tests.</summary>
public sealed class MemoryNodeStateStore : INodeStateStore
{
    private ImmutableDictionary<string, byte[]> _values = ImmutableDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(Volatile.Read(ref _values).GetValueOrDefault(key));

    public ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(values);
        ImmutableInterlocked.Update(
            ref _values,
            static (state, values) => state
                .RemoveRange(values.Keys)
                .AddRange(values.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Key, pair.Value!))),
            values);
        return ValueTask.CompletedTask;
    }
}
