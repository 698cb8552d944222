using System.Net;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Registration;
using Fairlead.Tailnet.Protocol.Cryptography;

namespace Fairlead.Tailnet.Control.Registration;

/// <summary>Makes a machine a node of the tailnet, keeps it one, or ends that.</summary>
internal sealed class NodeRegistrar(ControlRequests requests, NodeKeyRenewal renewal, TimeProvider time, Random random)
{
    public const string Path = "/machine/register";

    /// <summary>Servers take a node key with an expiry in the past as a logout; this is the time that clients use for it.</summary>
    private static readonly DateTimeOffset LogoutExpiry = DateTimeOffset.FromUnixTimeSeconds(123);

    /// <summary>A longer wait than this is not believed.</summary>
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);

    /// <summary>Registers, and waits for a user to log in if it must. A server that is overloaded is left alone for as long as it asks, then asked again.</summary>
    /// <param name="key">Stays the caller's.</param>
    /// <param name="mustRotate">The key is known to have expired: ask with a new one at once.</param>
    /// <returns>With <paramref name="key"/>, or the key of the renewal.</returns>
    /// <exception cref="RegistrationException">Refused.</exception>
    /// <exception cref="ControlServerException">Refused without a reason that clients know.</exception>
    /// <exception cref="TimeoutException">The server gave no answer.</exception>
    /// <exception cref="IOException">The server could not be reached, or its answer is none.</exception>
    /// <exception cref="HttpRequestException">The server could not be reached.</exception>
    public async Task<NodeRegistration> RegisterAsync(NodePrivateKey key, bool mustRotate, RegistrationOptions options, CancellationToken cancellationToken)
    {
        if (!mustRotate && renewal.Next is { } next)
        {
            if (await FindAsync(key, next, options, cancellationToken).ConfigureAwait(false) is { } known) return known;
            mustRotate = true;
        }

        var authKey = await AuthKeyAsync(options, cancellationToken).ConfigureAwait(false);
        if (!mustRotate)
        {
            var response = await RegisterAsync(key.PublicKey, default, authKey, options, cancellationToken).ConfigureAwait(false);
            if (!response.NodeKeyExpired) return Registration(key, response);
        }

        return await RegisterNextKeyAsync(key.PublicKey, authKey, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the node: its key is of no use any more.</summary>
    /// <inheritdoc cref="RegisterAsync(NodePrivateKey, bool, RegistrationOptions, CancellationToken)"/>
    public async Task LogoutAsync(NodePublicKey key, Protocol.Control.Hosts.Hostinfo hostinfo, CancellationToken cancellationToken)
    {
        var request = new RegisterRequest { Version = CapabilityVersion.Current, NodeKey = key, Hostinfo = hostinfo, Expiry = LogoutExpiry };
        var response = await TimeLimit.WithinAsync(
            TimeLimit.Answer, time, token => requests.PostAsync<RegisterRequest, RegisterResponse>(Path, request, token, key), cancellationToken).ConfigureAwait(false);
        if (response.Error.Length > 0) throw new RegistrationException($"The coordination server did not log the node out: {ServerText.Clean(response.Error)}");
    }

    private static async ValueTask<string> AuthKeyAsync(RegistrationOptions options, CancellationToken cancellationToken)
    {
        if (SecretOf(options.AuthKey) is not { } secret) return options.AuthKey;
        var issuer = options.Issuer ?? throw new RegistrationException("An OAuth client secret was given as auth key, but nothing to make a key with it.");
        if (options.Hostinfo.RequestTags.Count == 0)
        {
            throw new RegistrationException("An OAuth client secret was given as auth key, but no tags: a node made with it must bear some.");
        }

        return await issuer(secret, options.Hostinfo.RequestTags, cancellationToken).ConfigureAwait(false);
    }

    private static ClientSecret? SecretOf(string authKey)
    {
        try
        {
            return ClientSecret.TryParse(authKey, out var secret) ? secret : null;
        }
        catch (FormatException e)
        {
            throw new RegistrationException(e.Message, e);
        }
    }

    private static NodeRegistration Registration(NodePrivateKey key, RegisterResponse response) =>
        new(key, response.User, response.Login, response.MachineAuthorized, response.NodeKeyExpired);

    /// <summary>
    /// Which of two keys the server knows after a renewal whose end nobody saw. The next one comes first: where the server took it, it would
    /// let the old one in as a new node. Nothing is sent along that lets new nodes in, and nobody is asked to log in.
    /// </summary>
    /// <returns>Null if neither is good.</returns>
    private async Task<NodeRegistration?> FindAsync(NodePrivateKey key, NodePrivateKey next, RegistrationOptions options, CancellationToken cancellationToken)
    {
        if (await AskAsync(next.PublicKey, key.PublicKey, options, cancellationToken).ConfigureAwait(false) is { } taken) return Registration(next, taken);
        return await AskAsync(key.PublicKey, default, options, cancellationToken).ConfigureAwait(false) is { NodeKeyExpired: false } kept
            ? Registration(key, kept)
            : null;
    }

    private async Task<RegisterResponse?> AskAsync(NodePublicKey key, NodePublicKey oldKey, RegistrationOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var response = await SendAsync(Request(key, oldKey, "", options), cancellationToken).ConfigureAwait(false);
            return response.Error.Length > 0 || response.AuthURL.Length > 0 ? null : response;
        }
        catch (ControlServerException e) when (!e.IsTransient)
        {
            return null;
        }
    }

    private async Task<NodeRegistration> RegisterNextKeyAsync(
        NodePublicKey oldKey, string authKey, RegistrationOptions options, CancellationToken cancellationToken)
    {
        var isNew = renewal.Next is null;
        var key = await renewal.BeginAsync(cancellationToken).ConfigureAwait(false);
        var response = await RegisterAsync(key.PublicKey, oldKey, authKey, options, cancellationToken).ConfigureAwait(false);
        if (response.NodeKeyExpired && isNew)
        {
            renewal.End();
            throw new RegistrationException("The coordination server says that a node key made just now has expired.");
        }

        return Registration(key, response);
    }

    private RegisterRequest Request(NodePublicKey key, NodePublicKey oldKey, string authKey, RegistrationOptions options) => new()
    {
        Version = CapabilityVersion.Current,
        NodeKey = key,
        OldNodeKey = oldKey,
        Auth = authKey.Length > 0 ? new RegisterAuth { AuthKey = authKey } : null,
        Hostinfo = options.Hostinfo,
        Ephemeral = options.Ephemeral,
        Tailnet = options.Tailnet,
        Timestamp = time.GetUtcNow(),
    };

    // Asks, and as long as the answer is a log-in page, asks again to wait for its user.
    private async Task<RegisterResponse> RegisterAsync(
        NodePublicKey key, NodePublicKey oldKey, string authKey, RegistrationOptions options, CancellationToken cancellationToken)
    {
        var request = Request(key, oldKey, authKey, options);
        while (true)
        {
            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.Error.Length > 0) throw new RegistrationException($"The coordination server refused the registration: {ServerText.Clean(response.Error)}");
            if (response.AuthURL.Length == 0) return response;
            if (!ServerText.IsWebPage(response.AuthURL)) throw new RegistrationException("The coordination server sends people to log in at something that is no web page.");
            if (response.AuthURL != request.Followup) options.LoginNeeded(response.AuthURL);
            else await Task.Delay(TooBusyWait(null), time, cancellationToken).ConfigureAwait(false);
            request = request with { Followup = response.AuthURL };
        }
    }

    private async Task<RegisterResponse> SendAsync(RegisterRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // A person may take any time to log in.
                return request.Followup.Length > 0
                    ? await PostAsync(cancellationToken).ConfigureAwait(false)
                    : await TimeLimit.WithinAsync(TimeLimit.Answer, time, PostAsync, cancellationToken).ConfigureAwait(false);
            }
            catch (ControlServerException e) when (e.Status == HttpStatusCode.TooManyRequests)
            {
                await Task.Delay(TooBusyWait(e.RetryAfter), time, cancellationToken).ConfigureAwait(false);
            }
        }

        Task<RegisterResponse> PostAsync(CancellationToken token) =>
            requests.PostAsync<RegisterRequest, RegisterResponse>(Path, request, token, request.OldNodeKey, request.NodeKey);
    }

    private TimeSpan TooBusyWait(TimeSpan? asked)
    {
        if (asked <= LongestRetryAfter) return asked.Value;
        lock (random) return TimeSpan.FromSeconds(5 + (5 * random.NextDouble()));
    }
}
