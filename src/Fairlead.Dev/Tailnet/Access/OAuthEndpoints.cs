using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Access;

/// <summary>Access tokens for client credentials and for identity tokens.</summary>
internal sealed class OAuthEndpoints(ClientRegistry clients, AccessTokenRegistry tokens, TimeProvider time) : IEndpointSet
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/api/v2/oauth/token", null, ClientCredentials),
        new("POST", "/api/v2/oauth/token-exchange", null, Exchange),
    ];

    private ApiReply ClientCredentials(ApiCall call)
    {
        var form = OAuthForm.Read(call);
        if (form.GetValueOrDefault("grant_type") != "client_credentials")
        {
            throw Refusal(400, "unsupported_grant_type", "grant_type must be client_credentials");
        }
        var (id, secret) = CredentialsOf(call, form);
        var client = clients.Find(id);
        if (client?.Secret is not { } expected || !Same(secret, expected))
        {
            throw Refusal(401, "invalid_client", "invalid client credentials");
        }
        return Issue(client, form);
    }

    // Clients send further fields here (grant_type, an empty code); the real endpoint minds none of them.
    private ApiReply Exchange(ApiCall call)
    {
        var form = OAuthForm.Read(call);
        if (form.GetValueOrDefault("client_id") is not { Length: > 0 } id || form.GetValueOrDefault("jwt") is not { Length: > 0 } jwt)
        {
            throw Refusal(400, "invalid_request", "client_id and jwt are required");
        }
        // Like the real one, it does not say what did not match.
        if (clients.Find(id) is not { Trust: { } trust } client
            || !IdentityTokenVerifier.Accepts(jwt, trust, trust.Audience ?? $"api.tailscale.com/{id}", time.GetUtcNow()))
        {
            throw new ApiRefusal(403, new ErrorBody("Unauthorized"));
        }
        return Issue(client, form);
    }

    private ApiReply Issue(ApiClient client, IReadOnlyDictionary<string, string> form)
    {
        var scopes = Words(form.GetValueOrDefault("scope")) is { Length: > 0 } wanted ? wanted : client.Scopes;
        if (scopes.Any(scope => !Scopes.IsKnown(scope) || !Scopes.Allows(client.Scopes, scope)))
        {
            throw Refusal(400, "invalid_scope", "the client does not have all scopes asked for");
        }
        var tags = Words(form.GetValueOrDefault("tags")) is { Length: > 0 } asked ? asked : client.Tags;
        if (tags.Except(client.Tags).Any())
        {
            throw Refusal(400, "invalid_request", "the client does not have all tags asked for");
        }
        var (token, lifetime) = tokens.Issue(client, scopes, tags);
        var body = new TokenBody(token, "Bearer", (long)lifetime.TotalSeconds, string.Join(' ', scopes));
        return ApiReply.Json(body, RestApiJson.Default.TokenBody);
    }

    // RFC 6749, 2.3.1: in a Basic header both parts are form-encoded first.
    private static (string Id, string Secret) CredentialsOf(ApiCall call, IReadOnlyDictionary<string, string> form)
    {
        var header = call.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return (form.GetValueOrDefault("client_id", ""), form.GetValueOrDefault("client_secret", ""));
        }
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return ("", "");
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return (WebUtility.UrlDecode(pair[0]), pair.Length == 2 ? WebUtility.UrlDecode(pair[1]) : "");
    }

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));

    private static string[] Words(string? text) =>
        text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static ApiRefusal Refusal(int status, string code, string message) =>
        new(status, new ErrorBody(message) { Error = code });
}
