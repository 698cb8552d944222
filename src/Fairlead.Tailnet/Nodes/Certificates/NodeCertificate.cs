using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>A TLS certificate of a node, and its private key.</summary>
public sealed class NodeCertificate
{
    private NodeCertificate(string keyPem, string chainPem)
    {
        KeyPem = keyPem;
        ChainPem = chainPem;
        using var first = X509Certificate2.CreateFromPem(chainPem);
        NotBefore = first.NotBefore.ToUniversalTime();
        NotAfter = first.NotAfter.ToUniversalTime();
    }

    /// <exception cref="ArgumentException">They are none.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">They are none, or do not belong together.</exception>
    public static NodeCertificate FromPem(string keyPem, string chainPem)
    {
        using var pair = X509Certificate2.CreateFromPem(chainPem, keyPem);
        return new NodeCertificate(keyPem, chainPem);
    }

    /// <summary>The private key, as PEM.</summary>
    public string KeyPem { get; }

    /// <summary>The certificate and those above it, as PEM.</summary>
    public string ChainPem { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>For <c>SslStream</c> and Kestrel, which send the chain with it.</summary>
    public System.Net.Security.SslStreamCertificateContext ToTlsContext()
    {
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(ChainPem);
        return System.Net.Security.SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(ChainPem, KeyPem), [.. chain.Skip(1)], offline: true);
    }

    /// <summary>Names no secret.</summary>
    public override string ToString() => $"certificate valid until {NotAfter:u}";
}
