namespace Fairlead.Dev.Tailnet.Access;

/// <summary>
/// Which identity tokens a federated client accepts. <c>iss</c>, <c>aud</c>, <c>exp</c> and <c>nbf</c> are always checked. The
/// signature is checked only if <see cref="PublicKeyPem"/> is set: the embedded control plane fetches no keys from
/// issuers, so without one anybody who can reach it may forge a token.
/// </summary>
public sealed record FederatedTrust
{
    /// <summary>Exact value of <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>Exact value, or one of the values, of <c>aud</c>; null stands for <c>api.tailscale.com/</c> and the client's id.</summary>
    public string? Audience { get; init; }

    /// <summary>Pattern of <c>sub</c>; <c>*</c> stands for any text.</summary>
    public required string Subject { get; init; }

    /// <summary>Patterns of further claims by name.</summary>
    public IReadOnlyDictionary<string, string> CustomClaims { get; init; } = new Dictionary<string, string>();

    /// <summary>RSA (RS256) or P-256 (ES256) public key of the issuer.</summary>
    public string? PublicKeyPem { get; init; }
}
