namespace Fairlead.Tailscale.Authentication;

/// <summary>Something that can be exchanged for an access token.</summary>
public interface ICredentialSource
{
    /// <summary>
    /// Differs from an earlier value once <see cref="ReadAsync"/> may give something else, e.g. as a mounted Secret was
    /// replaced. Asked before every call, so it must be cheap and must not throw; it holds no secret.
    /// </summary>
    string Version { get; }

    /// <summary>Reads the credentials as they are now.</summary>
    /// <exception cref="TailscaleCredentialException">They are missing, empty, unreadable, malformed or expired.</exception>
    ValueTask<TokenGrant> ReadAsync(CancellationToken ct);
}
