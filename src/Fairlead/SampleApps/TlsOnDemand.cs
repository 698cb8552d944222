using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fairlead.SampleApps;

/// <summary>One port for HTTP and HTTPS, the latter by a certificate that nobody vouches for.</summary>
internal static class TlsOnDemand
{
    /// <summary>The content type of the record that opens a TLS connection (RFC 8446, 5.1). No HTTP request begins with this byte.</summary>
    private const byte Handshake = 22;

    private static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    /// <summary>Lets clients speak TLS that begin with it, and leaves the others as they are.</summary>
    /// <param name="name">Whose certificate it is; it is made when the first client asks for it.</param>
    public static void UseTlsOnDemand(this ListenOptions listen, string name, TimeProvider time)
    {
        var certificate = new Lazy<X509Certificate2>(() => Issue(name, time.GetUtcNow()));
        ConnectionDelegate http = null!;
        listen.Use(tls => async connection => await (await BeginsWithTlsAsync(connection).ConfigureAwait(false) ? tls : http)(connection).ConfigureAwait(false));
        listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Value);
        listen.Use(next => http = next);
    }

    private static async Task<bool> BeginsWithTlsAsync(ConnectionContext connection)
    {
        var input = connection.Transport.Input;
        var begin = await input.ReadAsync().ConfigureAwait(false);
        var isTls = !begin.Buffer.IsEmpty && begin.Buffer.FirstSpan[0] == Handshake;
        input.AdvanceTo(begin.Buffer.Start);
        return isTls;
    }

    private static X509Certificate2 Issue(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(now, now + Validity);
    }
}
