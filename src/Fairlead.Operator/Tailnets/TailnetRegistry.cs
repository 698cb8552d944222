using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Authentication;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Identity;
using Fairlead.Operator.Resources.Tailnets;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Authentication;
using Microsoft.Extensions.Logging;

namespace Fairlead.Operator.Tailnets;

/// <summary>
/// The clients of all tailnets. Which of them can be used is not remembered here: the conditions of the Tailnet objects say it, so that after
/// a restart, and on a replica that takes over, they are known as soon as they are listed.
/// </summary>
/// <param name="own">Client of the operator's own tailnet; not disposed here.</param>
/// <param name="listing">How the listing of Tailnets is doing.</param>
internal sealed class TailnetRegistry(
    TailscaleClient own,
    OperatorSettings settings,
    KubernetesClient kubernetes,
    IObjectCache<Tailnet> tailnets,
    Func<InformerStatus> listing,
    IObjectCache<Secret> secrets,
    ILoggerFactory logging,
    TimeProvider time) : ITailnetClients, IDisposable
{
    /// <summary>A client outlives its credentials by this, for calls under way: longer than any call may take.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, TailnetConnection> _open = new(StringComparer.Ordinal);
    private readonly Queue<(TailnetConnection Connection, DateTimeOffset Since)> _retired = new();

    public TailnetChoice Choose(string tailnet) =>
        tailnet.Length == 0 ? new TailnetChoice("", settings.LoginUrl, null)
        : tailnets.Get(new ObjectKey("", tailnet)) is not { } found ? new TailnetChoice(tailnet, "", Absence)
        : !secrets.HasSynced ? new TailnetChoice(tailnet, found.LoginUrl, TailnetProblem.Unknown)
        : new TailnetChoice(tailnet, found.LoginUrl, Usable(found) is null ? TailnetProblem.NotReady : null);

    public TailscaleClient For(string tailnet)
    {
        if (tailnet.Length == 0)
        {
            return own;
        }

        return tailnets.Get(new ObjectKey("", tailnet)) is { } found && Usable(found) is { } secret
            ? Connect(found, secret).Client
            : throw new TailnetUnavailableException(Choose(tailnet));
    }

    /// <summary>The Secret that the credentials of a Tailnet are in.</summary>
    public ObjectKey SecretOf(Tailnet tailnet) => new(settings.Namespace, tailnet.Spec?.Credentials?.SecretName ?? "");

    /// <summary>The connection with the credentials as they are, ready or not; the login URL has to be one.</summary>
    public TailnetConnection Connect(Tailnet tailnet, Secret secret)
    {
        var name = tailnet.Metadata.Name ?? "";
        var credentials = TailnetSecret.Fingerprint(secret);
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var present))
            {
                if (present.IsFor(tailnet.LoginUrl, credentials))
                {
                    return present;
                }

                Retire(present);
            }

            return _open[name] = new TailnetConnection(Client(name, tailnet.LoginUrl, Source(secret)), tailnet.LoginUrl, credentials);
        }
    }

    /// <summary>Lets go of the client of a Tailnet that is gone.</summary>
    public void Close(string tailnet)
    {
        lock (_gate)
        {
            if (_open.Remove(tailnet, out var gone))
            {
                Retire(gone);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var connection in _open.Values.Concat(_retired.Select(static retired => retired.Connection)))
            {
                connection.Dispose();
            }

            _open.Clear();
            _retired.Clear();
        }
    }

    private TailnetProblem Absence => tailnets.HasSynced || listing() is { Phase: InformerPhase.Absent } ? TailnetProblem.Missing : TailnetProblem.Unknown;

    /// <summary>The Secret of a Tailnet that can be used; null where it cannot.</summary>
    private Secret? Usable(Tailnet tailnet) =>
        tailnet.IsReady && secrets.Get(SecretOf(tailnet)) is { } secret && TailnetSecret.Problem(SecretOf(tailnet), secret) is null ? secret : null;

    private void Retire(TailnetConnection connection)
    {
        var now = time.GetUtcNow();
        _retired.Enqueue((connection, now));
        while (_retired.TryPeek(out var oldest) && now - oldest.Since >= Grace)
        {
            _retired.Dequeue().Connection.Dispose();
        }
    }

    private TailscaleClient Client(string name, string loginUrl, ICredentialSource credentials) => new(new TailscaleClientOptions
    {
        BaseAddress = new Uri(loginUrl),
        Credentials = credentials,
        Name = name,
        UserAgent = OperatorHost.TailscaleUserAgent,
        Logger = logging.CreateLogger<TailscaleClient>(),
        Time = time,
    });

    private ICredentialSource Source(Secret secret)
    {
        var id = TailnetSecret.Text(secret, TailnetSecret.ClientId);
        if (TailnetSecret.Text(secret, TailnetSecret.Audience) is not { Length: > 0 } audience)
        {
            return OAuthClientCredentials.FromValues(id, TailnetSecret.Text(secret, TailnetSecret.ClientSecret));
        }

        var account = new ObjectKey(settings.Namespace, settings.ServiceAccountName);
        return WorkloadIdentity.FromRequest(id, $"of ServiceAccount {account}", cancellationToken => TokenAsync(account, audience, cancellationToken), time);
    }

    private async ValueTask<SecretText> TokenAsync(ObjectKey account, string audience, CancellationToken cancellationToken)
    {
        var issued = await kubernetes.CreateTokenAsync(account, new TokenRequestSpec { Audiences = [audience] }, cancellationToken).ConfigureAwait(false);
        return issued.Status?.Token is { Length: > 0 } token
            ? new SecretText(token)
            : throw new InvalidOperationException($"the API server issued no token for ServiceAccount {account}.");
    }
}
