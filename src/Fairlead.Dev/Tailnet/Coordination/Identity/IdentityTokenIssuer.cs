using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Tailnet.Devices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Fairlead.Dev.Tailnet.Coordination.Identity;

/// <summary>
/// Signs OpenID Connect tokens about nodes (RFC 7519, ES256), and tells their verifiers the key: the control plane is their issuer.
/// </summary>
internal sealed class IdentityTokenIssuer(IdSource ids, Func<Uri> baseAddress, string domain, TimeProvider time) : IDisposable
{
    private const string Algorithm = "ES256";
    private const string KeySetPath = "/oidc/jwks";
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Lazy<ECDsa> _key = new(() => ECDsa.Create(ECCurve.NamedCurves.nistP256));
    private readonly string _keyId = ids.Next(12);

    private string Issuer => baseAddress().GetLeftPart(UriPartial.Authority);

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/.well-known/openid-configuration", [HttpMethods.Get], context => AnswerAsync(context, Configuration()));
        routes.MapMethods(KeySetPath, [HttpMethods.Get], context => AnswerAsync(context, KeySet()));
    }

    /// <param name="audience">Whom the token is for.</param>
    public string Issue(TailnetDevice device, string audience)
    {
        var now = time.GetUtcNow();
        var header = new JsonObject { ["alg"] = Algorithm, ["typ"] = "JWT", ["kid"] = _keyId };
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = audience,
            ["sub"] = $"{device.Name}.",
            ["jti"] = ids.Next(20),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + Lifetime).ToUnixTimeSeconds(),
            ["node"] = $"{device.Name}.",
            ["nid"] = device.NodeId,
            ["key"] = device.Node!.NodeKey.ToString(),
            ["domain"] = domain,
            ["addresses"] = new JsonArray([.. device.Addresses.Select(address => JsonValue.Create(address))]),
        };
        if (device.IsTagged) claims["tags"] = new JsonArray([.. device.Tags.Select(tag => JsonValue.Create(tag))]);
        else claims["user"] = device.User;
        var text = $"{Encode(header)}.{Encode(claims)}";
        return $"{text}.{Base64Url.EncodeToString(_key.Value.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    public void Dispose()
    {
        if (_key.IsValueCreated) _key.Value.Dispose();
    }

    private JsonObject Configuration() => new()
    {
        ["issuer"] = Issuer,
        ["jwks_uri"] = Issuer + KeySetPath,
        ["id_token_signing_alg_values_supported"] = new JsonArray(Algorithm),
        ["response_types_supported"] = new JsonArray("id_token"),
        ["subject_types_supported"] = new JsonArray("public"),
    };

    private JsonObject KeySet()
    {
        var point = _key.Value.ExportParameters(includePrivateParameters: false).Q;
        var key = new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["alg"] = Algorithm,
            ["use"] = "sig",
            ["kid"] = _keyId,
            ["x"] = Base64Url.EncodeToString(point.X!),
            ["y"] = Base64Url.EncodeToString(point.Y!),
        };
        return new JsonObject { ["keys"] = new JsonArray(key) };
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static Task AnswerAsync(HttpContext context, JsonObject json)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json.ToJsonString(), context.RequestAborted);
    }
}
