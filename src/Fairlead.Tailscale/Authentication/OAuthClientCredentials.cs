namespace Fairlead.Tailscale.Authentication;

/// <summary>An OAuth client's id and secret. Files are read again for every token, and a change of them asks for a new one.</summary>
public sealed class OAuthClientCredentials(CredentialText clientId, CredentialText clientSecret) : ICredentialSource
{
    private const string Remedy =
        "Provide an OAuth client's id and secret (with Kubernetes: a Secret with the keys client_id and client_secret), "
        + "or use workload identity federation (a client id and an audience), which needs no secret.";

    public string Version => $"{clientId.Version}|{clientSecret.Version}";

    public static OAuthClientCredentials FromFiles(string clientIdPath, string clientSecretPath) =>
        new(CredentialText.FromFile(clientIdPath), CredentialText.FromFile(clientSecretPath));

    public static OAuthClientCredentials FromValues(string clientId, string clientSecret) =>
        new(CredentialText.FromValue(clientId), CredentialText.FromValue(clientSecret));

    public async ValueTask<TokenGrant> ReadAsync(CancellationToken ct)
    {
        var id = await clientId.ReadAsync("OAuth client id", Remedy, ct);
        var secret = await clientSecret.ReadAsync("OAuth client secret", Remedy, ct);
        return TokenGrant.ClientCredentials(id.Reveal(), secret);
    }
}
