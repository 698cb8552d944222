namespace Fairlead.Operator.Configuration;

/// <summary>Where the operator's credentials for the control plane come from.</summary>
public sealed record CredentialSettings
{
    /// <summary>Projected ServiceAccount token that is exchanged when <see cref="ClientId"/> is set.</summary>
    public const string IdentityTokenFile = "/var/run/secrets/tailscale/serviceaccount/token";

    /// <summary>Client of a federated identity; wins over the files.</summary>
    public string? ClientId { get; init; }

    public string? ClientIdFile { get; init; }

    public string? ClientSecretFile { get; init; }
}
