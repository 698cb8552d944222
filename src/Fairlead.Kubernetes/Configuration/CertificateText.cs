using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>Certificates and keys from PEM.</summary>
internal static class CertificateText
{
    /// <exception cref="CryptographicException">There is none, or one is damaged.</exception>
    public static X509Certificate2Collection ReadAuthorities(string pem)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(pem);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("no CERTIFICATE block");
    }

    /// <param name="certificatePem">The client's certificate, then its intermediates.</param>
    /// <param name="keyPem">PKCS#1, PKCS#8 or SEC1 (EC), not encrypted.</param>
    /// <exception cref="CryptographicException">One is damaged, or they do not belong together.</exception>
    public static SslStreamCertificateContext ReadClientCertificate(string certificatePem, string keyPem)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
            if (OperatingSystem.IsWindows())
            {
                // Schannel cannot use a key that lives in memory only.
                using var ephemeral = certificate;
                certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pfx), null);
            }

            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(certificatePem);
            return SslStreamCertificateContext.Create(certificate, chain, offline: true);
        }
        catch (ArgumentException e)
        {
            throw new CryptographicException(e.Message, e);
        }
    }
}
