using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Authentication;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Authorization;

/// <summary>
/// Tokens of ServiceAccounts: JSON Web Tokens signed with a key that lives as long as the server. A token is good while it has
/// not expired and its ServiceAccount and the object it is bound to exist.
/// </summary>
public sealed class ServiceAccountTokens : ITokenAuthenticator, IDisposable
{
    private const int DefaultSeconds = 3600;
    private const int ShortestSeconds = 600;
    private const long LongestSeconds = 1L << 32;
    private const string Algorithm = "ES256";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Func<IClusterApi> _api;
    private readonly TimeProvider _time;
    private readonly string _keyId;

    /// <param name="api">The server that the tokens are for; asked for first when a token is used.</param>
    /// <param name="issuer">URL in <c>iss</c>; also the audience of tokens that name none.</param>
    public ServiceAccountTokens(Func<IClusterApi> api, TimeProvider time, string issuer = "https://kubernetes.default.svc.cluster.local")
    {
        (_api, _time, Issuer) = (api, time, issuer);
        _keyId = Base64Url.EncodeToString(SHA256.HashData(_key.ExportSubjectPublicKeyInfo()));
    }

    public string Issuer { get; }

    /// <summary>The <c>token</c> subresource of ServiceAccounts.</summary>
    public ActionSubresource TokenRequest => new("token", "authentication.k8s.io/v1", "TokenRequest", Issue);

    /// <summary>What <c>/.well-known/openid-configuration</c> answers.</summary>
    public JsonObject OpenIdConfiguration(Uri server) => new()
    {
        ["issuer"] = Issuer,
        ["jwks_uri"] = new Uri(server, "/openid/v1/jwks").ToString(),
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
        ["id_token_signing_alg_values_supported"] = new JsonArray(Algorithm),
    };

    /// <summary>What <c>/openid/v1/jwks</c> answers: the public key.</summary>
    public JsonObject KeySet()
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonObject
        {
            ["keys"] = new JsonArray((JsonNode)new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = _keyId,
                ["crv"] = "P-256",
                ["alg"] = Algorithm,
                ["x"] = Base64Url.EncodeToString(point.X),
                ["y"] = Base64Url.EncodeToString(point.Y),
            }),
        };
    }

    public UserInfo? Authenticate(string token) => Authenticate(token, [Issuer]);

    /// <summary>The identity of a token that is meant for at least one of the audiences.</summary>
    public UserInfo? Authenticate(string token, IReadOnlyCollection<string> audiences)
    {
        if (Claims(token) is not { } claims || claims.Text("iss") != Issuer || claims.Integer("exp") <= Now() || claims.Integer("nbf") > Now() ||
            !claims.Texts("aud").Any(audiences.Contains))
        {
            return null;
        }

        var bound = claims.Object("kubernetes.io");
        var ns = bound.Text("namespace") ?? "";
        var account = bound.Object("serviceaccount");
        var found = _api().Get("", "serviceaccounts", ns, account.Text("name") ?? "");
        if (found?.Uid() != account.Text("uid") || found is null || !BoundObjectExists(bound, ns))
            return null;

        return new UserInfo(
            $"system:serviceaccount:{ns}:{account.Text("name")}",
            ["system:serviceaccounts", $"system:serviceaccounts:{ns}", "system:authenticated"])
        {
            Uid = account.Text("uid"),
            Extra = Extra(claims, bound),
        };
    }

    /// <summary>A token that is good while the Pod exists.</summary>
    internal string Issue(string ns, string account, string podName, string podUid, string? audience, long seconds)
    {
        var spec = new JsonObject
        {
            ["expirationSeconds"] = seconds,
            ["boundObjectRef"] = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["name"] = podName, ["uid"] = podUid },
        };
        if (audience is not null)
            spec["audiences"] = new JsonArray(audience);
        var answer = Issue(new ActionRequest(UserInfo.System, ns, account, new JsonObject { ["spec"] = spec }));
        return answer.Object("status").Text("token")!;
    }

    /// <summary>Audiences that a token was issued for; empty when it is not one of this server's.</summary>
    public IEnumerable<string> AudiencesOf(string token) => Claims(token).Texts("aud");

    public void Dispose() => _key.Dispose();

    private static ImmutableSortedDictionary<string, ImmutableArray<string>> Extra(JsonObject claims, JsonObject? bound)
    {
        var extra = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        extra["authentication.kubernetes.io/credential-id"] = ["JTI=" + claims.Text("jti")];
        if (bound.Object("pod") is { } pod)
        {
            extra["authentication.kubernetes.io/pod-name"] = [pod.Text("name") ?? ""];
            extra["authentication.kubernetes.io/pod-uid"] = [pod.Text("uid") ?? ""];
        }

        return extra.ToImmutable();
    }

    private long Now() => _time.GetUtcNow().ToUnixTimeSeconds();

    private JsonObject Issue(ActionRequest request)
    {
        var (ns, name, body) = (request.Namespace ?? "", request.Name ?? "", request.Body);
        var account = _api().Get("", "serviceaccounts", ns, name) ??
            throw new ApiStatusException(404, "NotFound", $"serviceaccounts \"{name}\" not found") { Kind = "serviceaccounts", Name = name };
        var spec = body.Ensure("spec");
        var seconds = spec.Integer("expirationSeconds") ?? DefaultSeconds;
        if (seconds is < ShortestSeconds or > LongestSeconds)
            throw BadDuration(name, seconds);
        if (spec.Array("audiences") is not { Count: > 0 })
            spec["audiences"] = new JsonArray(Issuer);

        var claims = Claims(account, spec, seconds, BoundObject(spec.Object("boundObjectRef"), ns));
        spec["expirationSeconds"] = seconds;
        body["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns, ["creationTimestamp"] = Stamp(Now()) };
        body["status"] = new JsonObject { ["token"] = Sign(claims), ["expirationTimestamp"] = Stamp(Now() + seconds) };
        return body;
    }

    private static ApiStatusException BadDuration(string name, long seconds)
    {
        var detail = seconds < ShortestSeconds ? "may not specify a duration less than 10 minutes" : "may not specify a duration larger than 2^32 seconds";
        var cause = new FieldError(FieldErrorType.Invalid, "spec.expirationSeconds", detail, seconds.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return new ApiStatusException(422, "Invalid", $"TokenRequest.authentication.k8s.io \"{name}\" is invalid: {cause.FullMessage()}")
        {
            Group = "authentication.k8s.io",
            Kind = "TokenRequest",
            Name = name,
            Causes = [cause],
        };
    }

    private JsonObject Claims(JsonObject account, JsonObject spec, long seconds, (string Kind, JsonObject Object)? bound)
    {
        var binding = new JsonObject
        {
            ["namespace"] = account.Namespace(),
            ["serviceaccount"] = new JsonObject { ["name"] = account.Name(), ["uid"] = account.Uid() },
        };
        if (bound is { } target)
            binding[target.Kind.ToLowerInvariant()] = new JsonObject { ["name"] = target.Object.Name(), ["uid"] = target.Object.Uid() };
        return new JsonObject
        {
            ["aud"] = spec["audiences"]!.DeepClone(),
            ["exp"] = Now() + seconds,
            ["iat"] = Now(),
            ["nbf"] = Now(),
            ["iss"] = Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = binding,
            ["sub"] = $"system:serviceaccount:{account.Namespace()}:{account.Name()}",
        };
    }

    private (string Kind, JsonObject Object)? BoundObject(JsonObject? reference, string ns)
    {
        if (reference is null)
            return null;

        var (kind, name) = (reference.Text("kind") ?? "", reference.Text("name") ?? "");
        var plural = kind switch
        {
            "Pod" => "pods",
            "Secret" => "secrets",
            "Node" => "nodes",
            _ => throw ApiErrors.BadRequest($"cannot bind token for object of type {reference.Text("apiVersion")}/{kind}"),
        };
        var found = _api().Get("", plural, kind == "Node" ? null : ns, name) ??
            throw new ApiStatusException(404, "NotFound", $"{plural} \"{name}\" not found") { Kind = plural, Name = name };
        if (reference.Text("uid") is { Length: > 0 } uid && uid != found.Uid())
            throw new ApiStatusException(409, "Conflict", $"the UID in the bound object reference ({uid}) does not match the UID in record ({found.Uid()})");
        return (kind, found);
    }

    private bool BoundObjectExists(JsonObject? bound, string ns)
    {
        foreach (var (member, plural) in (ReadOnlySpan<(string, string)>)[("pod", "pods"), ("secret", "secrets"), ("node", "nodes")])
        {
            if (bound.Object(member) is { } target &&
                _api().Get("", plural, member == "node" ? null : ns, target.Text("name") ?? "")?.Uid() != target.Text("uid"))
            {
                return false;
            }
        }

        return true;
    }

    private string Sign(JsonObject claims)
    {
        var header = new JsonObject { ["alg"] = Algorithm, ["kid"] = _keyId };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    private JsonObject? Claims(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            return null;

        try
        {
            return _key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256)
                ? JsonNode.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static string Stamp(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
