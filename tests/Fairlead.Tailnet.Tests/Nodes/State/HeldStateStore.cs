using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes.State;

/// <summary>A store whose writes after the first take until a test ends them, unless they are given up.</summary>
internal sealed class HeldStateStore : INodeStateStore
{
    private readonly MemoryNodeStateStore _inner = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;

    /// <summary>Completes when a write waits.</summary>
    public Task Held => _held.Task;

    public void Release() => _released.TrySetResult();

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => _inner.ReadAsync(key, cancellationToken);

    public async ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _writes) > 1)
        {
            _held.TrySetResult();
            await _released.Task.WaitAsync(cancellationToken);
        }

        await _inner.WriteAsync(values, cancellationToken);
    }
}
