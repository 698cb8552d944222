namespace Fairlead.Tailnet.Nodes.State;

/// <summary>Any store, failing only as <see cref="INodeStateStore"/> says: stores over a network have failures of their own.</summary>
internal sealed class GuardedStateStore(INodeStateStore store) : INodeStateStore
{
    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadAsync(key, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUnexpected(e, cancellationToken))
        {
            throw Failure("read", [key], e);
        }
    }

    public async ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(values, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUnexpected(e, cancellationToken))
        {
            throw Failure("written", values.Keys, e);
        }
    }

    // A store may give up by itself too, as HttpClient does when an answer takes too long.
    private static bool IsUnexpected(Exception e, CancellationToken cancellationToken) =>
        e is not NodeStateException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private NodeStateException Failure(string done, IEnumerable<string> keys, Exception e) =>
        new($"The value '{string.Join("', '", keys)}' cannot be {done} in the node's {store.GetType().Name}: {e.Message}", e);
}
