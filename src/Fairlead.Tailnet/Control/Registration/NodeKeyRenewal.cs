using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Registration;

/// <summary>
/// The key that is to take the place of a node's present one. It stays the same until the server is known to have taken it or to go on with
/// the present one: an answer that is lost must not leave the node with neither.
/// </summary>
/// <param name="keep">Called with a new key before anybody hears of it; the key is the callee's then.</param>
/// <param name="next">One that was kept before, if any.</param>
internal sealed class NodeKeyRenewal(Func<NodePrivateKey, CancellationToken, ValueTask> keep, NodePrivateKey? next)
{
    /// <summary>Null between renewals.</summary>
    public NodePrivateKey? Next { get; private set; } = next;

    public async ValueTask<NodePrivateKey> BeginAsync(CancellationToken cancellationToken)
    {
        if (Next is { } begun) return begun;
        var key = NodePrivateKey.Generate();
        try
        {
            await keep(key, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            key.Dispose();
            throw;
        }

        return Next = key;
    }

    public void End() => Next = null;
}
