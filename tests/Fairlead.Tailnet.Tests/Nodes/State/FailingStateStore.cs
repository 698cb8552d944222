using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Tailnet.Tests.Nodes.State;

/// <summary>A store over a network that is gone at times, and then fails as an HTTP client does.</summary>
internal sealed class FailingStateStore : INodeStateStore
{
    private readonly MemoryNodeStateStore _inner = new();
    private int _failures;

    /// <summary>How many writes shall fail, once those of the start were taken.</summary>
    public int Spared { get; init; }

    public int Times { get; init; }

    public int Failures => Volatile.Read(ref _failures);

    private int _writes;

    public ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken) => _inner.ReadAsync(key, cancellationToken);

    public ValueTask WriteAsync(string key, byte[]? value, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _writes) <= Spared || Failures >= Times)
        {
            return _inner.WriteAsync(key, value, cancellationToken);
        }

        Interlocked.Increment(ref _failures);
        throw new HttpRequestException("The API server is gone.");
    }
}
