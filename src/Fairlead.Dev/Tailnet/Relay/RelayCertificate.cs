using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>The certificate of a relay that no authority knows: clients know its hash from the DERP map.</summary>
internal static class RelayCertificate
{
    // Clocks of clients may be behind; an embedded relay lives days, not years.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    public static X509Certificate2 Create(string hostName, IEnumerable<IPAddress> addresses, TimeProvider time)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={hostName}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(hostName);
        foreach (var address in addresses)
            names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        var start = time.GetUtcNow() - Backdate;
        var certificate = request.CreateSelfSigned(start, start + Lifetime);
        if (OperatingSystem.IsLinux()) return certificate;

        // TLS of Windows and macOS cannot use a key that exists in memory only; a PKCS#12 round trip makes one it can.
        using (certificate)
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>What a DERP map's CertName says to pin a certificate: <c>sha256-raw:</c> and the hash of its DER form.</summary>
    public static string Pin(X509Certificate2 certificate) => $"sha256-raw:{certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant()}";
}
