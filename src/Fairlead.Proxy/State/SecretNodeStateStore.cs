using Fairlead.Kubernetes.Client;
using Fairlead.Tailnet.Nodes.State;

namespace Fairlead.Proxy.State;

/// <summary>Keeps a managed node's identity in the state Secret, under the keys that a tailscaled would use: either takes over from the other.</summary>
/// <param name="events">Told of what becomes of it; null where there is no Pod to tell of.</param>
internal sealed class SecretNodeStateStore(StateSecret secret, StateEvents? events) : INodeStateStore
{
    private IReadOnlyDictionary<string, byte[]>? _values;

    public async ValueTask<byte[]?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            // One read serves all of a start; this process is the only one to write these keys.
            if (_values is null)
            {
                _values = await secret.ReadAsync(cancellationToken).ConfigureAwait(false);
                events?.Record(StateEvent.Loaded);
            }

            return _values.GetValueOrDefault(Sanitize(key));
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            var failure = new NodeStateException($"The Secret {secret.Key} cannot be read: {e.Message}", e);
            events?.Record(StateEvent.LoadFailed(failure.Message));
            throw failure;
        }
    }

    public async ValueTask WriteAsync(string key, byte[]? value, CancellationToken cancellationToken)
    {
        try
        {
            await secret.WriteBytesAsync(new Dictionary<string, byte[]?>(StringComparer.Ordinal) { [Sanitize(key)] = value }, cancellationToken).ConfigureAwait(false);
            var values = new Dictionary<string, byte[]>(_values ?? new Dictionary<string, byte[]>(), StringComparer.Ordinal);
            values.Remove(Sanitize(key));
            if (value is not null)
            {
                values[Sanitize(key)] = value;
            }

            _values = values;
            events?.Record(StateEvent.Updated);
        }
        catch (Exception e) when (e is KubernetesApiException or KubernetesConnectionException)
        {
            var failure = new NodeStateException($"The Secret {secret.Key} cannot be written: {e.Message}", e);
            events?.Record(StateEvent.UpdateFailed(failure.Message));
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
