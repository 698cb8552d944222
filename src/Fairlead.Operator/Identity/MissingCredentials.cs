using Fairlead.Tailscale.Authentication;

namespace Fairlead.Operator.Identity;

/// <summary>
/// Stands in where the environment names no credentials. The operator starts all the same: Services say what is missing, and
/// clean-up that needs no API call goes on.
/// </summary>
public sealed class MissingCredentials : ICredentialSource
{
    public string Version => "";

    public ValueTask<TokenGrant> ReadAsync(CancellationToken ct) => throw new TailscaleCredentialException(
        CredentialProblem.Missing,
        "the operator has no credentials for the control plane: set CLIENT_ID_FILE and CLIENT_SECRET_FILE to the files of an OAuth client, "
        + "or CLIENT_ID to that of a federated identity");
}
