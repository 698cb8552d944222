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
            throw Failure("read", key, e);
        }
    }

    public async ValueTask WriteAsync(string key, byte[]? value, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(key, value, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsUnexpected(e, cancellationToken))
        {
            throw Failure("written", key, e);
        }
    }

    // A store may give up by itself too, as HttpClient does when an answer takes too long.
    private static bool IsUnexpected(Exception e, CancellationToken cancellationToken) =>
        e is not NodeStateException && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private NodeStateException Failure(string done, string key, Exception e) =>
        new($"The value '{key}' cannot be {done} in the node's {store.GetType().Name}: {e.Message}", e);
}
