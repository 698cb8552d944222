namespace Fairlead.Tailscale.Authentication;

/// <summary>
/// Workload identity federation: a short-lived JWT of the platform (e.g. a projected service account token) is exchanged
/// for an access token of a federated client. The JWT is obtained anew for every exchange.
/// </summary>
public sealed class WorkloadIdentity : ICredentialSource
{
    private const string Remedy =
        "With Kubernetes: mount a projected service account token whose audience is the federated client's, "
        + "or use an OAuth client's id and secret instead.";

    private readonly string _clientId;
    private readonly string _origin;
    private readonly Func<CancellationToken, ValueTask<SecretText>> _readToken;
    private readonly CredentialText? _file;
    private readonly TimeProvider _time;

    private WorkloadIdentity(
        string clientId, string origin, Func<CancellationToken, ValueTask<SecretText>> readToken, CredentialText? file, TimeProvider? time)
    {
        _clientId = clientId.Trim();
        _origin = origin;
        _readToken = readToken;
        _file = file;
        _time = time ?? TimeProvider.System;
    }

    public string Version => _file?.Version ?? "";

    /// <param name="clientId">Id of the federated client.</param>
    /// <param name="path">The file that the platform keeps a fresh JWT in.</param>
    /// <param name="time">Clock that <c>exp</c> is compared with; the system's by default.</param>
    public static WorkloadIdentity FromFile(string clientId, string path, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        var file = CredentialText.FromFile(path);
        return new(clientId, $"in file {path}", ct => file.ReadAsync("identity token", Remedy, ct), file, time);
    }

    /// <param name="clientId">Id of the federated client.</param>
    /// <param name="origin">Where the token comes from, for messages: "of service account tailscale/operator".</param>
    /// <param name="requestToken">Obtains a JWT, e.g. through the TokenRequest API.</param>
    /// <param name="time">Clock that <c>exp</c> is compared with; the system's by default.</param>
    public static WorkloadIdentity FromRequest(
        string clientId, string origin, Func<CancellationToken, ValueTask<SecretText>> requestToken, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        ArgumentException.ThrowIfNullOrWhiteSpace(origin);
        ArgumentNullException.ThrowIfNull(requestToken);
        return new(clientId, origin, ct => ObtainAsync(origin, requestToken, ct), null, time);
    }

    public async ValueTask<TokenGrant> ReadAsync(CancellationToken ct)
    {
        if (_clientId.Length == 0)
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Empty, "The client id for workload identity is empty. Set it to the id of the federated client.");
        }
        var jwt = await _readToken(ct);
        var expiry = IdentityToken.ExpiryOf(jwt, $"The identity token {_origin}", Remedy);
        if (expiry <= _time.GetUtcNow())
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Expired,
                $"The identity token {_origin} expired at {expiry:u}. Check that what renews it is running, and the clocks. {Remedy}");
        }
        return TokenGrant.IdentityToken(_clientId, jwt);
    }

    private static async ValueTask<SecretText> ObtainAsync(
        string origin, Func<CancellationToken, ValueTask<SecretText>> requestToken, CancellationToken ct)
    {
        try
        {
            return await requestToken(ct);
        }
        catch (Exception e) when (e is not (OperationCanceledException or TailscaleCredentialException))
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Unreadable, $"The identity token {origin} could not be obtained: {e.Message} {Remedy}", e);
        }
    }
}
