using Fairlead.Operator.Configuration;
using Fairlead.Tailscale.Authentication;

namespace Fairlead.Operator.Identity;

/// <summary>Chooses between the ways in which the operator can authenticate to the control plane.</summary>
public static class CredentialSources
{
    /// <summary>Federated identity when a client ID is given, else the OAuth client's files.</summary>
    public static ICredentialSource From(CredentialSettings settings, TimeProvider time) => settings switch
    {
        { ClientId: { } id } => WorkloadIdentity.FromFile(id, CredentialSettings.IdentityTokenFile, time),
        { ClientIdFile: { } id, ClientSecretFile: { } secret } => OAuthClientCredentials.FromFiles(id, secret),
        _ => new MissingCredentials(),
    };
}
