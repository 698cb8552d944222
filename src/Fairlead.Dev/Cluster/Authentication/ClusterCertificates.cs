using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fairlead.Dev.Cluster.Authentication;

/// <summary>The cluster's certificate authority, its server certificate and the client certificates it issues.</summary>
internal sealed class ClusterCertificates : IDisposable
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    // Clocks of clients may be behind; a development cluster lives days, not years.
    private static readonly TimeSpan Backdate = TimeSpan.FromHours(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    private readonly TimeProvider _time;
    private readonly X509Certificate2 _authority;

    /// <param name="serviceAddress">The server's address inside the cluster.</param>
    public ClusterCertificates(TimeProvider time, IPAddress serviceAddress)
    {
        _time = time;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fairlead-dev-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _authority = request.CreateSelfSigned(NotBefore(), NotBefore() + Lifetime);
        AuthorityPem = _authority.ExportCertificatePem();
        Server = IssueServer(serviceAddress);
    }

    public string AuthorityPem { get; }

    public X509Certificate2 Server { get; }

    /// <summary>A client certificate for a user: common name and organisations are name and groups.</summary>
    public (string CertificatePem, string KeyPem) IssueClient(string user, IEnumerable<string> groups)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = new X500DistinguishedNameBuilder();
        foreach (var group in groups)
            name.AddOrganizationName(group);
        name.AddCommonName(user);
        using var certificate = Issue(new CertificateRequest(name.Build(), key, HashAlgorithmName.SHA256), ClientAuthentication);
        return (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Whether this authority issued a certificate for clients that is valid now.</summary>
    public bool IsTrustedClient(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate);
    }

    public void Dispose()
    {
        Server.Dispose();
        _authority.Dispose();
    }

    private X509Certificate2 IssueServer(IPAddress serviceAddress)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kube-apiserver", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddDnsName("kubernetes");
        names.AddDnsName("kubernetes.default");
        names.AddDnsName("kubernetes.default.svc");
        names.AddDnsName("kubernetes.default.svc.cluster.local");
        names.AddIpAddress(serviceAddress);
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = Issue(request, ServerAuthentication);
        using var withKey = certificate.CopyWithPrivateKey(key);

        // TLS on some platforms cannot use a key that exists in memory only; a PKCS#12 round trip makes one it can.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private X509Certificate2 Issue(CertificateRequest request, string usage)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        Span<byte> serial = stackalloc byte[16];
        RandomNumberGenerator.Fill(serial);
        serial[0] &= 0x7f;
        return request.Create(_authority, NotBefore(), _authority.NotAfter, serial);
    }

    private DateTimeOffset NotBefore() => _time.GetUtcNow() - Backdate;
}
