using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Tailnet.Derp;

/// <summary>TLS toward a relay: its host name is what is asked for, the map says by what it is known.</summary>
internal static class DerpTls
{
    private const string PinPrefix = "sha256-raw:";

    /// <exception cref="System.Security.Authentication.AuthenticationException">The relay's certificate is not acceptable.</exception>
    public static async Task<SslStream> AuthenticateAsync(Stream stream, DerpNode node, CancellationToken ct)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = node.HostName,
                    ApplicationProtocols = [SslApplicationProtocol.Http11],
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) => IsAcceptable(node, certificate as X509Certificate2, errors),
                },
                ct).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal static bool IsAcceptable(DerpNode node, X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null)
            return false;
        if (node.CertName.StartsWith(PinPrefix, StringComparison.Ordinal))
        {
            return string.Equals(
                certificate.GetCertHashString(HashAlgorithmName.SHA256),
                node.CertName[PinPrefix.Length..],
                StringComparison.OrdinalIgnoreCase);
        }

        if (node.InsecureForTests)
            return true;
        if (node.CertName.Length == 0)
            return errors == SslPolicyErrors.None;

        // The name asked for need not be in the certificate; the one the map gives must be, and all else must hold.
        return (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None && certificate.MatchesHostname(node.CertName);
    }
}
