using System.Net;
using System.Text.Json;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Http;
using Fairlead.Tailscale.Telemetry;

namespace Fairlead.Tailscale.Authentication;

/// <summary>
/// The one access token of a client. At most one request for a token is under way; whoever needs one waits for it. A token
/// is replaced before it expires and when the credentials changed; while that fails, the old one serves until its end.
/// </summary>
internal sealed class AccessTokenCache(RequestSender sender, TailscaleClientOptions options) : IDisposable
{
    // Upstream's clients treat a token as expired this early; it covers clock skew and calls under way.
    private static readonly TimeSpan EarlyRefresh = TimeSpan.FromMinutes(5);

    // Used where a token endpoint does not say how long: the lifetime the control plane gives today is one hour.
    private static readonly TimeSpan AssumedLifetime = TimeSpan.FromMinutes(10);

    // Guards the clock arithmetic against nonsense in the answer.
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    // After a refusal all callers fail alike for this long, so that a thousand reconciles do not ask a thousand times.
    private static readonly TimeSpan RefusalHold = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxHold = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposed = new();
    private AccessToken? _token;
    private Task<AccessToken>? _flight;
    private Failure? _failure;

    public async Task<AccessToken> GetAsync(CancellationToken ct)
    {
        var version = options.Credentials.Version;
        AccessToken? fallback;
        Task<AccessToken> flight;
        lock (_gate)
        {
            var now = options.Time.GetUtcNow();
            if (_token is { } token && token.Version == version && now < token.RefreshAt) return token;
            fallback = _token is { } old && now < old.ExpiresAt ? old : null;
            if (_failure is { } failure && failure.Version == version && now < failure.Until)
            {
                if (fallback is not null) return fallback;
                flight = failure.Outcome;
            }
            else
            {
                flight = _flight ??= Task.Run(() => RefreshAsync(version), CancellationToken.None);
            }
        }
        try
        {
            return await flight.WaitAsync(ct);
        }
        catch (Exception e) when (fallback is not null && e is TailscaleApiException or TailscaleCredentialException)
        {
            return fallback;
        }
    }

    /// <summary>Drops a token the API did not accept, unless it has been replaced meanwhile.</summary>
    public void Invalidate(AccessToken rejected)
    {
        lock (_gate)
        {
            if (ReferenceEquals(_token, rejected)) _token = null;
        }
    }

    public void Dispose()
    {
        if (_disposed.IsCancellationRequested) return;
        _disposed.Cancel();
        _disposed.Dispose();
    }

    private async Task<AccessToken> RefreshAsync(string version)
    {
        try
        {
            var token = await RequestAsync(version, _disposed.Token);
            lock (_gate) (_token, _failure, _flight) = (token, null, null);
            TailscaleMetrics.RecordRefresh(options.Name);
            Log.Refreshed(options.Logger, options.Name, token.ExpiresAt);
            return token;
        }
        catch (Exception e)
        {
            lock (_gate) (_failure, _flight) = (HoldFor(e, version), null);
            if (e is not OperationCanceledException)
            {
                TailscaleMetrics.RecordRefreshFailure(options.Name, ReasonOf(e));
                Log.RefreshFailed(options.Logger, options.Name, e.Message);
            }
            throw;
        }
    }

    private async Task<AccessToken> RequestAsync(string version, CancellationToken ct)
    {
        var grant = await options.Credentials.ReadAsync(ct);
        var request = new ApiRequest
        {
            Method = HttpMethod.Post,
            Route = grant.Path,
            Path = grant.Path,
            // A token that was made and got lost does no harm: it expires.
            Retry = RetryMode.Idempotent,
            Content = () => new FormUrlEncodedContent(grant.Form),
            Secrets = grant.Secrets,
        };
        try
        {
            var reply = await TimeLimit.RunAsync(
                request, options, stop => sender.SendAsync(request, null, ReadReplyAsync, stop), ct);
            var now = options.Time.GetUtcNow();
            var lifetime = reply.ExpiresIn is { } seconds
                ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (long)MaxLifetime.TotalSeconds))
                : AssumedLifetime;
            // Short-lived tokens keep three quarters of their life, else they would be refreshed all the time.
            var early = TimeSpan.FromTicks(Math.Min(EarlyRefresh.Ticks, lifetime.Ticks / 4));
            return new AccessToken(reply.AccessToken!, version, now + lifetime - early, now + lifetime);
        }
        catch (TailscaleApiException e) when (IsRefusal(e.StatusCode))
        {
            throw new TailscaleCredentialException(
                CredentialProblem.Refused,
                $"The control plane {options.BaseAddress.Host} refused {grant.Kind} at {grant.Path}: {e.Detail}. "
                + "Check that the client still exists there, that its secret (or its issuer, audience and subject) matches, "
                + "and that the login server is the right one.",
                e);
        }
    }

    private static async Task<TokenReply> ReadReplyAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var reply = await ApiChannel.ReadJsonAsync(response, TailscaleJson.Default.TokenReply, ct);
        if (reply.AccessToken is null) throw new JsonException("it holds no access_token");
        return reply;
    }

    private Failure? HoldFor(Exception e, string version)
    {
        var hold = e switch
        {
            TailscaleCredentialException => RefusalHold,
            TailscaleApiException { RetryAfter: { } asked } => asked > MaxHold ? MaxHold : asked,
            TailscaleApiException { StatusCode: not null } => RefusalHold,
            // No answer at all: the next caller may find the network back.
            _ => TimeSpan.Zero,
        };
        if (hold <= TimeSpan.Zero) return null;
        var outcome = Task.FromException<AccessToken>(e);
        _ = outcome.Exception; // marks it observed: it may never be handed out
        return new Failure(outcome, version, options.Time.GetUtcNow() + hold);
    }

    private static bool IsRefusal(HttpStatusCode? status) =>
        status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound;

    private static string ReasonOf(Exception e) => e switch
    {
        TailscaleCredentialException credential => credential.Problem.ToString().ToLowerInvariant(),
        TailscaleApiException { StatusCode: { } status } => TailscaleMetrics.CodeOf(status),
        TailscaleApiException => "unreachable",
        _ => "error",
    };

    private sealed record Failure(Task<AccessToken> Outcome, string Version, DateTimeOffset Until);
}
