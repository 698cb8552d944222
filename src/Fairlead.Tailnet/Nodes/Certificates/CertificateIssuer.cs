using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>
/// Certificates for a node's names: from the state store while they are good, else from the certificate authority. One due for renewal is
/// still given out while the next one is ordered.
/// </summary>
/// <param name="publishAsync">Publishes a TXT record, and returns when it can be seen.</param>
internal sealed partial class CertificateIssuer(
    INodeStateStore store,
    HttpMessageInvoker http,
    Uri directory,
    Func<string, string, CancellationToken, Task> publishAsync,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>After a renewal failed, how long the certificate in hand is given out without trying again.</summary>
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromHours(1);

    /// <summary>RFC 9773, 4.3: how often to ask for the renewal window where the authority names no time.</summary>
    private static readonly TimeSpan WindowLife = TimeSpan.FromHours(6);

    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();
    private AcmeClient? _client;
    private AcmeKey? _key;

    /// <param name="minValidity">How long it must still be good; one that is not is renewed before this returns.</param>
    /// <exception cref="AcmeException">There is no certificate, and the authority gives none.</exception>
    /// <exception cref="NodeStateException">The state store cannot be used.</exception>
    public async Task<NodeCertificate> GetAsync(string domain, TimeSpan minValidity, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_entries.TryGetValue(domain, out var entry))
            {
                _entries[domain] = entry = new Entry { Certificate = await LoadAsync(domain, cancellationToken).ConfigureAwait(false) };
            }

            var now = time.GetUtcNow();
            if (entry.Certificate is not { } certificate || certificate.NotAfter - now <= minValidity || certificate.NotBefore > now)
            {
                return await OrderAsync(await ClientAsync(cancellationToken).ConfigureAwait(false), domain, entry, cancellationToken).ConfigureAwait(false);
            }

            if (entry.Renewal is null or { IsCompleted: true } && now >= entry.NotBeforeRetry && await IsDueAsync(entry, certificate, now, cancellationToken).ConfigureAwait(false))
            {
                entry.NotBeforeRetry = now + RenewalRetry;
                entry.Renewal = RenewAsync(domain, entry, await ClientAsync(cancellationToken).ConfigureAwait(false));
            }

            return certificate;
        }
        finally
        {
            _lock.Release();
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _key?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Runs beside those who ask, without their lock: they get the certificate in hand.</summary>
    private async Task RenewAsync(string domain, Entry entry, AcmeClient client)
    {
        var stopping = _stopping.Token;
        await Task.Yield();
        try
        {
            await OrderAsync(client, domain, entry, stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AcmeException or NodeStateException or IOException)
        {
            Log.RenewalFailed(logger, domain, e.Message);
        }
        catch (OperationCanceledException)
        {
            // The node stops; the certificate in hand is in the store.
        }
    }

    private async Task<NodeCertificate> OrderAsync(AcmeClient client, string domain, Entry entry, CancellationToken cancellationToken)
    {
        using var old = entry.Certificate is { } previous ? X509Certificate2.CreateFromPem(previous.ChainPem) : null;
        var (key, chain) = await client.OrderAsync(domain, old is null ? null : AcmeClient.RenewalId(old), cancellationToken).ConfigureAwait(false);
        var certificate = Read(key, chain) ?? throw new AcmeException($"What the certificate authority {directory} sends is no certificate.");
        await store.WriteAsync(NodeStateKeys.CertificateKey(domain), Encoding.ASCII.GetBytes(key), cancellationToken).ConfigureAwait(false);
        await store.WriteAsync(NodeStateKeys.CertificateChain(domain), Encoding.ASCII.GetBytes(chain), cancellationToken).ConfigureAwait(false);
        entry.Certificate = certificate;
        entry.Window = null;
        entry.WindowAsked = default;
        Log.Issued(logger, domain, certificate.NotAfter);
        return certificate;
    }

    /// <summary>In the middle of the authority's window, else when two thirds of its life are over.</summary>
    private async Task<bool> IsDueAsync(Entry entry, NodeCertificate certificate, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (now - entry.WindowAsked > WindowLife)
        {
            entry.WindowAsked = now;
            try
            {
                using var parsed = X509Certificate2.CreateFromPem(certificate.ChainPem);
                var client = await ClientAsync(cancellationToken).ConfigureAwait(false);
                entry.Window = await client.RenewalWindowAsync(parsed, cancellationToken).ConfigureAwait(false);
            }
            catch (AcmeException e)
            {
                // A hint only; without it the rule of two thirds holds.
                Log.NoWindow(logger, certificate.NotAfter, e.Message);
            }
        }

        return entry.Window is { } window
            ? now >= window.Start + ((window.End - window.Start) / 2)
            : now >= certificate.NotBefore + ((certificate.NotAfter - certificate.NotBefore) * 2 / 3);
    }

    private async Task<AcmeClient> ClientAsync(CancellationToken cancellationToken)
    {
        if (_client is null)
        {
            if (await store.ReadAsync(NodeStateKeys.AcmeAccountKey, cancellationToken).ConfigureAwait(false) is { Length: > 0 } pem)
            {
                try
                {
                    _key = AcmeKey.FromPem(Encoding.ASCII.GetString(pem));
                }
                catch (Exception e) when (e is ArgumentException or CryptographicException)
                {
                    throw new NodeStateException($"The value '{NodeStateKeys.AcmeAccountKey}' of the node's state is no key of an account; remove it to make a new account.");
                }
            }
            else
            {
                _key = AcmeKey.Generate();
                await store.WriteAsync(NodeStateKeys.AcmeAccountKey, Encoding.ASCII.GetBytes(_key.ToPem()), cancellationToken).ConfigureAwait(false);
            }

            _client = new AcmeClient(new AcmeTransport(http, directory, _key, time), publishAsync, time);
        }

        return _client;
    }

    private async Task<NodeCertificate?> LoadAsync(string domain, CancellationToken cancellationToken)
    {
        var key = await store.ReadAsync(NodeStateKeys.CertificateKey(domain), cancellationToken).ConfigureAwait(false);
        var chain = await store.ReadAsync(NodeStateKeys.CertificateChain(domain), cancellationToken).ConfigureAwait(false);
        return key is null || chain is null ? null : Read(Encoding.ASCII.GetString(key), Encoding.ASCII.GetString(chain));
    }

    /// <returns>Null if key and certificate do not belong together: half of a pair was written before a crash.</returns>
    private static NodeCertificate? Read(string key, string chain)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(chain, key);
            return new NodeCertificate(key, chain);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    private sealed class Entry
    {
        public NodeCertificate? Certificate { get; set; }

        public Task? Renewal { get; set; }

        public DateTimeOffset NotBeforeRetry { get; set; }

        public (DateTimeOffset Start, DateTimeOffset End)? Window { get; set; }

        public DateTimeOffset WindowAsked { get; set; }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Certificate for {Domain} issued, valid until {NotAfter:u}")]
        public static partial void Issued(ILogger logger, string domain, DateTimeOffset notAfter);

        [LoggerMessage(2, LogLevel.Warning, "Certificate for {Domain} could not be renewed: {Reason}")]
        public static partial void RenewalFailed(ILogger logger, string domain, string reason);

        [LoggerMessage(3, LogLevel.Debug, "No renewal window for the certificate valid until {NotAfter:u}: {Reason}")]
        public static partial void NoWindow(ILogger logger, DateTimeOffset notAfter, string reason);
    }
}
