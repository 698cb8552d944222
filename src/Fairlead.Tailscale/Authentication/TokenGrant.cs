namespace Fairlead.Tailscale.Authentication;

/// <summary>The form that a token endpoint takes. Holds secrets; <see cref="ToString"/> shows none of them.</summary>
public sealed class TokenGrant
{
    private TokenGrant(string path, string kind, SecretText secret, IReadOnlyList<KeyValuePair<string, string>> form)
    {
        Path = path;
        Kind = kind;
        Secrets = [secret.Reveal()];
        Form = form;
    }

    /// <summary>Path of the endpoint from <c>/api/v2</c> on.</summary>
    public string Path { get; }

    /// <summary>What is presented, for messages, e.g. "OAuth client kABC123".</summary>
    public string Kind { get; }

    /// <summary>The values in <see cref="Form"/> that nobody may see.</summary>
    internal IReadOnlyList<string> Secrets { get; }

    internal IReadOnlyList<KeyValuePair<string, string>> Form { get; }

    /// <summary>RFC 6749, 4.4: client id and secret for a token.</summary>
    public static TokenGrant ClientCredentials(string clientId, SecretText clientSecret)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(clientId);
        ArgumentNullException.ThrowIfNull(clientSecret);
        return new("/api/v2/oauth/token", $"OAuth client {clientId}", clientSecret,
        [
            new("grant_type", "client_credentials"),
            new("client_id", clientId),
            new("client_secret", clientSecret.Reveal()),
        ]);
    }

    /// <summary>A workload's identity token, for a token of the federated client that trusts its issuer and subject.</summary>
    public static TokenGrant IdentityToken(string clientId, SecretText jwt)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(clientId);
        ArgumentNullException.ThrowIfNull(jwt);
        return new("/api/v2/oauth/token-exchange", $"federated client {clientId}", jwt,
        [
            new("client_id", clientId),
            new("jwt", jwt.Reveal()),
        ]);
    }

    public override string ToString() => $"{Kind} at {Path}";
}
