using System.Net.Security;

namespace Fairlead.Kubernetes.Configuration;

/// <summary>A client certificate, with a fixed bearer token if there is one.</summary>
internal sealed class CertificateCredentialSource(RenewableContent<SslStreamCertificateContext> certificate, string? token) : ICredentialSource
{
    private volatile Credentials _current = new() { BearerToken = token, ClientCertificate = certificate.Current };

    public ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        var (known, now) = (_current, certificate.Current);
        if (!ReferenceEquals(known.ClientCertificate, now))
            _current = known = new Credentials { BearerToken = token, ClientCertificate = now };

        return ValueTask.FromResult(known);
    }

    public void Reject(Credentials refused)
    {
        if (ReferenceEquals(_current, refused))
            certificate.Expire();
    }
}
