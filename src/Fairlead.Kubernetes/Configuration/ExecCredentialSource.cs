using System.Net.Security;
using System.Security.Cryptography;
using System.Text.Json;

namespace Fairlead.Kubernetes.Configuration;

#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing that needs disposal.
/// <summary>Runs a credential program when there are no credentials yet, when they expire, or when the server refused them.</summary>
/// <param name="certificate">Presented where the program prints none; null when the kubeconfig has none either.</param>
internal sealed class ExecCredentialSource(ExecPlugin plugin, RenewableContent<SslStreamCertificateContext>? certificate, TimeProvider timeProvider) : ICredentialSource
{
    // Covers the way to the server and clocks that differ a little.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private volatile CachedCredentials? _cached;

    public async ValueTask<Credentials> GetAsync(CancellationToken cancellationToken)
    {
        if (Usable() is { } ready)
            return ready;

        await _oneAtATime.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Usable() is { } renewedMeanwhile)
                return renewedMeanwhile;

            var output = await ExecProcess.RunAsync(plugin, cancellationToken).ConfigureAwait(false);
            var fresh = Read(output);
            _cached = fresh;
            return fresh.Credentials;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Reject(Credentials refused)
    {
        if (_cached is not { } cached || !ReferenceEquals(cached.Credentials, refused))
            return;

        Interlocked.CompareExchange(ref _cached, null, cached);
        if (!cached.HasOwnCertificate)
            certificate?.Expire();
    }

    private Credentials? Usable()
    {
        if (_cached is not { } cached || (cached.Expires is { } expires && timeProvider.GetUtcNow() >= expires - RenewBefore))
            return null;

        if (cached.HasOwnCertificate || certificate?.Current is not { } current || ReferenceEquals(current, cached.Credentials.ClientCertificate))
            return cached.Credentials;

        // The files are renewed by their own clock, not when the program's token expires.
        var renewed = cached with { Credentials = new Credentials { BearerToken = cached.Credentials.BearerToken, ClientCertificate = current } };
        return Interlocked.CompareExchange(ref _cached, renewed, cached) == cached ? renewed.Credentials : Usable();
    }

    private CachedCredentials Read(ReadOnlyMemory<byte> output)
    {
        ExecCredential? credential;
        try
        {
            credential = JsonSerializer.Deserialize(output.Span, ExecCredentialJsonContext.Default.ExecCredential);
        }
        catch (JsonException)
        {
            // The parser's message could quote the output, which holds the secret.
            throw Problem("did not print JSON");
        }

        if (credential?.Kind != "ExecCredential" || credential.ApiVersion != plugin.ApiVersion)
            throw Problem($"did not print an ExecCredential of {plugin.ApiVersion}");

        var status = credential.Status;
        if (status?.Token is null or "" && status?.ClientCertificateData is null)
            throw Problem("printed neither a token nor a client certificate");

        var own = ReadCertificate(status);
        return new CachedCredentials(
            new Credentials { BearerToken = status.Token is "" ? null : status.Token, ClientCertificate = own ?? certificate?.Current },
            own is not null,
            status.ExpirationTimestamp);
    }

    private SslStreamCertificateContext? ReadCertificate(ExecCredentialStatus status)
    {
        if (status.ClientCertificateData is not { } certificatePem)
            return null;

        if (status.ClientKeyData is not { } keyPem)
            throw Problem("printed a client certificate without its key");

        try
        {
            return CertificateText.ReadClientCertificate(certificatePem, keyPem);
        }
        catch (CryptographicException)
        {
            throw Problem("printed a client certificate and key that cannot be used");
        }
    }

    private CredentialException Problem(string problem) =>
        new($"The credential program '{plugin.Command}' {problem}. Run it by hand to see what it prints.");

    private sealed record CachedCredentials(Credentials Credentials, bool HasOwnCertificate, DateTimeOffset? Expires);
}
