using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Key of an account at a certificate authority: ECDSA on P-256. Signs requests as RFC 8555, 6.2 and RFC 7515 tell.</summary>
internal sealed class AcmeKey : IDisposable
{
    private readonly ECDsa _key;
    private readonly string _jwk;

    private AcmeKey(ECDsa key)
    {
        _key = key;
        var point = key.ExportParameters(includePrivateParameters: false).Q;

        // RFC 7638, 3: exactly these members in this order, so that the thumbprint is everyone's.
        _jwk = $$"""{"crv":"P-256","kty":"EC","x":"{{Base64Url.EncodeToString(point.X)}}","y":"{{Base64Url.EncodeToString(point.Y)}}"}""";
    }

    public static AcmeKey Generate() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <exception cref="ArgumentException">The text holds no such key.</exception>
    /// <exception cref="CryptographicException">Likewise.</exception>
    public static AcmeKey FromPem(string pem)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(pem);
            return key.KeySize == 256 ? new AcmeKey(key) : throw new CryptographicException("The key is not on the curve P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    public string ToPem() => _key.ExportECPrivateKeyPem();

    /// <summary>The value of the TXT record that proves control of a name, RFC 8555, 8.4.</summary>
    public string DnsProof(string token)
    {
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_jwk)));
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($"{token}.{thumbprint}")));
    }

    /// <param name="account">The account's URL; null before there is one, when the key itself is sent.</param>
    /// <param name="payload">Null for an empty one, which asks for a resource ("POST-as-GET").</param>
    public byte[] Sign(Uri url, string nonce, Uri? account, JsonNode? payload)
    {
        var header = new JsonObject { ["alg"] = "ES256", ["nonce"] = nonce, ["url"] = url.AbsoluteUri };
        if (account is null)
        {
            header["jwk"] = JsonNode.Parse(_jwk);
        }
        else
        {
            header["kid"] = account.AbsoluteUri;
        }

        var protectedPart = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header.ToJsonString()));
        var payloadPart = payload is null ? "" : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload.ToJsonString()));
        var signature = _key.SignData(Encoding.ASCII.GetBytes($"{protectedPart}.{payloadPart}"), HashAlgorithmName.SHA256);
        var signed = new JsonObject { ["protected"] = protectedPart, ["payload"] = payloadPart, ["signature"] = Base64Url.EncodeToString(signature) };
        return Encoding.UTF8.GetBytes(signed.ToJsonString());
    }

    public void Dispose() => _key.Dispose();
}
