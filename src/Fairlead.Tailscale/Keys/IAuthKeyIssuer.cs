namespace Fairlead.Tailscale.Keys;

/// <summary>Issues the keys that devices join the tailnet with.</summary>
public interface IAuthKeyIssuer
{
    /// <summary>
    /// Makes a new key. It is not made again after an answer that got lost or a 5xx, since the key may exist by then;
    /// such a key stays unused and expires.
    /// </summary>
    /// <exception cref="Errors.TailscaleApiException">
    /// 400: the tags are not in the policy file or not the credentials' to give; 403: scope <c>auth_keys</c> is missing;
    /// 429: too many requests, see <see cref="Errors.TailscaleApiException.RetryAfter"/>.
    /// </exception>
    /// <exception cref="Authentication.TailscaleCredentialException">The credentials cannot be used.</exception>
    Task<AuthKey> CreateAsync(AuthKeyRequest request, CancellationToken ct = default);

    /// <summary>Revokes a key, for one that nobody is going to use. Devices that joined with it stay.</summary>
    Task<DeleteOutcome> DeleteAsync(string id, CancellationToken ct = default);
}
