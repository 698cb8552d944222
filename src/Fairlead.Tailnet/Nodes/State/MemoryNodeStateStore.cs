using System.Collections.Concurrent;

namespace Fairlead.Tailnet.Nodes.State;

/// <summary>Keeps the state as long as the object lives: for ephemeral nodes, and tests.</summary>
public sealed class MemoryNodeStateStore : INodeStateStore
{
    private readonly ConcurrentDictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => ValueTask.FromResult(_values.GetValueOrDefault(key));

    public ValueTask WriteAsync(string key, byte[]? value, CancellationToken cancellationToken)
    {
        if (value is null)
        {
            _values.TryRemove(key, out _);
        }
        else
        {
            _values[key] = value;
        }

        return ValueTask.CompletedTask;
    }
}
