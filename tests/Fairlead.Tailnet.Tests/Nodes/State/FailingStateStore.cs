using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes.State;

/// <summary>A store over a network that is gone at times, and then fails as an HTTP client does.</summary>
internal sealed class FailingStateStore : INodeStateStore
{
    private readonly MemoryNodeStateStore _inner = new();
    private volatile int _times;
    private int _failures;
    private int _writes;

    /// <summary>Writes that are taken first.</summary>
    public int Spared { get; init; }

    /// <summary>How many writes fail after that.</summary>
    public int Times
    {
        get => _times;
        set => _times = value;
    }

    public int Failures => Volatile.Read(ref _failures);

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => _inner.ReadAsync(key, cancellationToken);

    public ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _writes) <= Spared || Failures >= Times)
        {
            return _inner.WriteAsync(values, cancellationToken);
        }

        Interlocked.Increment(ref _failures);
        throw new HttpRequestException("The API server is gone.");
    }
}
