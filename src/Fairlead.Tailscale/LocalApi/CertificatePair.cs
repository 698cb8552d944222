namespace Fairlead.Tailscale.LocalApi;

/// <summary>A certificate with its key; its text shows neither.</summary>
/// <param name="Key">Private key as PEM.</param>
/// <param name="Chain">The certificate and those above it, as PEM.</param>
public sealed record CertificatePair(SecretText Key, string Chain)
{
    public override string ToString() => nameof(CertificatePair);

    /// <summary>The daemon sends the key first, then the chain.</summary>
    /// <exception cref="FormatException">It is no such pair.</exception>
    internal static CertificatePair Parse(string pem)
    {
        var chain = pem.IndexOf("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal);
        return chain > 0 && pem.AsSpan(0, chain).Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? new CertificatePair(new SecretText(pem[..chain]), pem[chain..])
            : throw new FormatException("the answer is not a private key followed by certificates");
    }
}
