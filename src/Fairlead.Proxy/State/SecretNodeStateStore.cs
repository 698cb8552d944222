using Fairlead.Kubernetes.Client;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.State;

/// <summary>
/// Keeps a managed node's identity in the state Secret, under the keys that a tailscaled would use: either takes over from the other. This
/// process is the only one to write these keys, so that one read serves all of a start. Safe to use from several threads.
/// </summary>
/// <param name="events">Told of what becomes of it; null where there is no Pod to tell of.</param>
internal sealed class SecretNodeStateStore(StateSecret secret, StateEvents? events) : INodeStateStore, IDisposable
{
    private readonly SemaphoreSlim _lock = new(1, 1);
    private Dictionary<string, byte[]>? _values;

    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return (await LoadAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(Sanitize(key));
        }
        finally
        {
            _lock.Release();
        }
    }

    public async ValueTask WriteAsync(IReadOnlyDictionary<string, byte[]?> values, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var known = await LoadAsync(cancellationToken).ConfigureAwait(false);
            var written = values.ToDictionary(pair => Sanitize(pair.Key), pair => pair.Value, StringComparer.Ordinal);
            await secret.WriteBytesAsync(written, cancellationToken).ConfigureAwait(false);
            foreach (var (key, value) in written)
            {
                known.Remove(key);
                if (value is not null)
                {
                    known[key] = value;
                }
            }

            events?.Record(StateEvent.Updated);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            var failure = new NodeStateException($"The Secret {secret.Key} cannot be written: {e.Message}", e);
            events?.Record(StateEvent.UpdateFailed(failure.Message));
            throw failure;
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose() => _lock.Dispose();

    private async ValueTask<Dictionary<string, byte[]>> LoadAsync(CancellationToken cancellationToken)
    {
        if (_values is not null)
        {
            return _values;
        }

        try
        {
            _values = new Dictionary<string, byte[]>(await secret.ReadAsync(cancellationToken).ConfigureAwait(false), StringComparer.Ordinal);
            events?.Record(StateEvent.Loaded);
            return _values;
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            var failure = new NodeStateException($"The Secret {secret.Key} cannot be read: {e.Message}", e);
            events?.Record(StateEvent.LoadFailed(failure.Message));
            throw failure;
        }
    }

    /// <summary>Keys of a Secret have no other characters.</summary>
    private static string Sanitize(string key) =>
        string.Create(key.Length, key, static (sanitized, key) =>
        {
            for (var i = 0; i < key.Length; i++)
            {
                sanitized[i] = char.IsAsciiLetterOrDigit(key[i]) || key[i] is '.' or '_' or '-' ? key[i] : '_';
            }
        });
}
